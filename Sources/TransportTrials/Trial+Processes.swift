import Gossip
import Graphs
import InProcessTransport
public import Runtime

extension Trial {
    /// Carries out this process's part of a trial whose peers are spread over the ranks of a network in equal shares,
    /// and waits for it. Begins to receive; ends nothing.
    ///
    /// - Parameters:
    ///   - letter: Told of letters that come meanwhile or later.
    ///   - silence: Told of a rank that has fallen silent, which never comes to the end of a trial.
    /// - Returns: The lines of the peers that live here.
    public func lines(
        over ranks: any ProcessNetwork, controlMessage: @escaping @Sendable (ControlMessage, Int) -> Void = { _, _ in },
        timeout: @escaping @Sendable (Int) -> Void = { preconditionFailure("rank \($0) is silent") }
    ) -> [String] {
        precondition(peers % ranks.count == 0, "\(peers) peers are not spread evenly over \(ranks.count) ranks")
        let share = peers / ranks.count
        let localPeerIDs = (ranks.rank * share)..<((ranks.rank + 1) * share)
        let network = InProcessNetwork(
            localPeerIDs: localPeerIDs, of: peers, clock: { .zero },
            uplink: { frame in ranks.send(frame, to: frame.to.rawValue / share) })
        ranks.begin(
            ProcessArrivals(
                frame: { frame, _ in network.waker(for: frame.to).post(.frame(frame)) }, controlMessage: controlMessage,
                timeout: timeout))
        return Trial.lines(answers(in: network, clock: { .zero }), from: localPeerIDs.lowerBound)
    }
}
