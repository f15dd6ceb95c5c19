import Foundation
public import Gossip
import Graphs
public import InProcessTransport
import Runtime
import Synchronization

extension Trial {
    /// Runs the peers that live in a network, each on a thread, and waits for them. Returns what each has shown, in
    /// their order.
    public func answers(in network: InProcessNetwork, clock: @escaping @Sendable () -> Time) -> [[UInt64]] {
        let recorders = network.localPeerIDs.map { _ in DigestRecorder() }
        let done = DispatchSemaphore(value: 0)
        for (peer, recorder) in zip(network.localPeerIDs, recorders) {
            let thread = Thread {
                _ = ExchangeNode.run(
                    talk(of: peer), peers: peers, vector: vector(of: peer),
                    over: network.transport(for: PeerID(peer)), scorer: recorder, clock: clock)
                done.signal()
            }
            thread.name = "peer \(peer)"
            thread.start()
        }
        for _ in recorders { done.wait() }
        return recorders.map(\.answers)
    }

    /// Lines for people and for comparison: peer, program, and the number that was shown.
    public static func lines(_ answers: [[UInt64]], from first: Int = 0) -> [String] {
        answers.enumerated().flatMap { peer, numbers in
            numbers.enumerated().map { "\(first + peer) \($0.offset) \(String($0.element, radix: 16))" }
        }
    }
}
