import Gossip
import InProcessTransport
import Runtime
import Synchronization

/// Drives a peer's loop from two threads: the peer's own brings what arrives, and the caller's its steps, which saves
/// two changes of threads a step.
final class PeerDriver: Sendable {
    private let loop: Mutex<PeerLoop>
    private let network: (any ProcessNetwork)?

    init(_ loop: consuming sending PeerLoop) {
        network = loop.ranks?.desk.network
        self.loop = Mutex(loop)
    }

    /// Whether a step may have to wait until there is room on the way to others.
    var mayWait: Bool { network?.isCrowded ?? false }

    /// Serves until the peer is closed or has come to its end, on the peer's own thread. What came before goes in
    /// first.
    func run(by transport: consuming InProcessTransport, frames: [Frame], letters: [RankDesk.Item]) {
        loop.withLock { $0.begin(frames: frames, letters: letters) }
        while case .wait(let deadline) = loop.withLock({ $0.turn() }) {
            let inbound = transport.receive(until: deadline)
            loop.withLock { $0.go(on: inbound) }
        }
        loop.withLock { $0.close() }
    }

    /// The caller's optimizer is about to step.
    func beginStep() { loop.withLock { $0.beginStep() } }

    /// The caller does something else than to step.
    func endStep() { loop.withLock { $0.endStep() } }

    /// The caller has stepped, and carries out on its own thread what follows of that.
    ///
    /// - Returns: Whether the peer's own thread has to look after it.
    func step(_ report: GradientReport) -> Bool {
        loop.withLock { loop in
            guard !loop.isOver else {
                loop.answerLate()
                return false
            }
            loop.go(on: .gradientReady(report))
            return loop.isEarlier
        }
    }
}
