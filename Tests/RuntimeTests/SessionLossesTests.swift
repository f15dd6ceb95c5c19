import Gossip
import Graphs
import Testing
import Vectors

@testable import Runtime

@Suite struct SessionLossesTests {
    private func frames(_ outputs: [Session.Output]) -> [Frame] {
        outputs.compactMap { if case .transmit(let frame) = $0 { frame } else { nil } }
    }

    private func send(_ weight: Double, from sender: inout Session, to peer: PeerID) -> Frame {
        let number = UInt64(sender.unacknowledgedCount + 1)
        let outputs = sender.send(
            Payload([0]), metadata: Metadata(weight: weight), to: peer, id: MessageID(rawValue: number), now: .zero)
        return frames(outputs)[0]
    }

    private func session(_ me: PeerID) -> Session { Session(me: me, retransmissionSeconds: 1) }

    @Test func whatTheDeadSentAndNobodyHandledIsLost() {
        var (dead, survivor) = (session(0), session(1))
        let first = send(0.5, from: &dead, to: 1)
        _ = send(0.25, from: &dead, to: 1)
        let last = send(0.125, from: &dead, to: 1)
        // The second never comes, so that the last is not handled either; no acknowledgement reaches the dead peer.
        _ = survivor.receive(first)
        _ = survivor.receive(last)
        #expect(survivor.massLost(with: dead) == 0.375)
        #expect(survivor.massLost(with: session(2)) == 0)
    }

    @Test func whatTheDeadHandledComesBackAllTheSame() {
        var (dead, survivor) = (session(0), session(1))
        let first = send(0.5, from: &survivor, to: 0)
        _ = send(0.25, from: &survivor, to: 0)
        _ = dead.receive(first)
        // Both come back to the survivor, and the dead peer had the first: that one is in the world twice.
        #expect(survivor.massLost(with: dead) == -0.5)
        #expect(survivor.fence(0).count == 2)
    }

    @Test func betweenTwoDeadWhatWasUnderWayIsLost() {
        var (first, second) = (session(0), session(1))
        let handled = send(0.5, from: &first, to: 1)
        _ = second.receive(handled)
        _ = send(0.25, from: &first, to: 1)
        _ = send(0.125, from: &second, to: 0)
        #expect(second.massStranded(with: first) == 0.375)
        // Another life of the dead one, of which nobody had heard, leaves the balance of this one as it is.
        var reborn = first
        _ = reborn.beginIncarnation(1, handled: { _ in 0 })
        #expect(second.massStranded(with: reborn) == 0)
        #expect(second.massStranded(with: first) == 0.375)
        // Who had heard of the first crash has settled that already.
        _ = second.fence(0)
        #expect(second.massStranded(with: first) == 0)
    }
}
