import Checkpoints
import Dispatch
import Gossip
import Graphs
import InProcessTransport
import Runs
import Runtime
import Synchronization
import TestKit
import Vectors

@testable import Training

/// The two peers of a relay on threads of their own, with what a run has around them.
final class RelayOnThreads {
    typealias Peer = PeerThread

    let peers: [Peer]
    private let traffic = Traffic()
    private let gate = Gate()
    private let bell = DispatchSemaphore(value: 0)
    private let environment: Peer.PeerEnvironment

    /// - Parameters:
    ///   - saved: Where both stood when they were saved.
    ///   - rest: Has both come to rest when the peer of that number has computed so often.
    init(
        steps: UInt64, models: [[Float]], from saved: [SavedPeer]? = nil, rest: (peer: Int, computed: Int)? = nil,
        isLockStep: Bool = false, restAfter step: UInt64? = nil
    ) throws {
        let (clock, bell, pool) = (RunClock(), bell, PayloadPool())
        let cut = ConsistentCut(isLockStep: isLockStep)
        let network = InProcessNetwork(peers: 2) { clock.now }
        if let step { cut.request(after: step) }
        environment = Peer.PeerEnvironment(
            clock: clock, network: network, faults: nil, gate: gate, traffic: traffic, cut: cut,
            handIn: { _, _ in }, leave: { _ in }, ring: { bell.signal() },
            schedule: EvaluationSchedule(
                everyEpochs: 1e6, in: RunLength(shares: [1, 1], epochs: 1, steps: steps, isPacedByShares: false)),
            savingSchedule: nil, stepsPerReport: 1)
        var peers: [Peer] = []
        for stage in 0..<2 {
            let me = PeerID(stage)
            let compute = ComputeThread(
                RelayLearner(stage: stage), pool: pool,
                stopwatch: Stopwatch(clock, nanoseconds: saved?[stage].words.gradientNanoseconds ?? 0))
            let port = ThreadPort(transport: network.transport(for: me), compute: compute, traffic: traffic, cut: cut)
            var node = Node(
                Relay(stage: stage, steps: steps), me: me, peers: 2, model: FlatVector(models[stage]),
                localOptimizer: PlainOptimizer(rate: 0.1), port: port,
                session: Session(me: me, retransmissionSeconds: nil), pool: pool)
            var resumed: Peer.Resumed?
            if let saved = saved?[stage] {
                try node.restore(saved.words.node, saved.numbers)
                try compute.restore(saved.numbers, isGradientReady: saved.words.holdsGradient, count: 2)
                resumed = Peer.Resumed(progress: saved.words.progress, held: try saved.words.held(saved.numbers))
            }
            let (mailbox, computed) = (network.waker(for: me), Counter())
            let waker = Waker { inbound in
                if let rest, rest.peer == stage, inbound.isComputed, computed.next() == rest.computed {
                    cut.request(after: 1)
                }
                mailbox.post(inbound)
            }
            peers.append(
                Peer(
                    Peer.Core(node: node, port: port), isServer: false, compute: compute, waker: waker, resumed: resumed
                ))
        }
        self.peers = peers
        clock.resume()
        for peer in peers { try peer.start(in: environment) }
        for peer in peers { peer.go(in: environment) }
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        func next() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }
    }

    /// Waits until nothing is under way: both rest, or have made their steps.
    func waitUntilQuiet() {
        while !traffic.isQuiet { _ = bell.wait(timeout: .now() + 0.002) }
    }

    /// Whether both have made their steps.
    var isOver: Bool { progress.allSatisfy { $0.finishedAt != nil } }

    var progress: [PeerProgress] { peers.map { $0.progress.withLock { $0 } } }

    /// Ends the threads and tells the models.
    func end() -> [[Float]] {
        for peer in peers { peer.end() }
        return progress.map { $0.finalModel?.array() ?? [] }
    }
}
