import Gossip
import Graphs
import Testing
import Vectors

@testable import Runtime

@Suite struct SessionLinksTests {
    private static let none = LinkSession.Greeting(number: 0, handled: 0, formerNumber: 0, formerHandled: 0)

    private func session() -> Session { Session(me: 0, retransmissionSeconds: nil, isByLinks: true) }

    private func send(_ id: UInt64, _ session: inout Session) -> [Session.Output] {
        session.send(nil, metadata: Metadata(weight: 0.25), to: 1, id: MessageID(rawValue: id), now: .zero)
    }

    private func words(_ outputs: [Session.Output]) -> [String] {
        outputs.map { output in
            switch output {
            case .transmit(let frame): "sent \(frame.place ?? 0) in \(frame.incarnations.from)"
            case .received, .receivedPart: "received"
            case .delivered(let id): "delivered \(id.rawValue)"
            case .returned(let id, _, _, _): "returned \(id.rawValue)"
            }
        }
    }

    @Test func nothingGoesToWhomNoLinkLeads() {
        var session = session()
        #expect(words(send(1, &session)) == ["returned 1"])
        _ = session.open(1, Self.none)
        #expect(words(send(2, &session)) == ["sent 1 in 1"])
        session.suspend(1)
        #expect(words(send(3, &session)) == ["returned 3"])
    }

    @Test func aGreetingSettlesWhatIsInDoubt() {
        var session = session()
        _ = session.open(1, Self.none)
        for id in 1...3 { _ = send(UInt64(id), &session) }
        session.suspend(1)
        #expect(session.unacknowledgedCount == 3)
        let greeting = LinkSession.Greeting(number: 1, handled: 2, formerNumber: 0, formerHandled: 0)
        #expect(words(session.open(1, greeting)) == ["delivered 1", "delivered 2", "returned 3"])
        #expect(session.unacknowledgedCount == 0)
        #expect(words(send(4, &session)) == ["sent 1 in 2"])
    }

    /// What came back too early is known to the bit at the next greeting.
    @Test func theNextGreetingTellsWhatWasMinted() {
        var session = session()
        _ = session.open(1, Self.none)
        for id in 1...3 { _ = send(UInt64(id), &session) }
        session.suspend(1)
        #expect(words(session.giveUp(1)) == ["returned 1", "returned 2", "returned 3"])
        #expect(session.giveUp(1).isEmpty && session.mintedMass == 0)
        let greeting = LinkSession.Greeting(number: 1, handled: 2, formerNumber: 0, formerHandled: 0)
        #expect(session.open(1, greeting).isEmpty)
        #expect(session.mintedMass == 0.5)
    }

    @Test func framesOfAnotherSessionAreNotHeard() {
        var session = session()
        func frame(_ number: UInt32) -> Frame {
            Frame(
                from: 1, to: 0, incarnations: Frame.Incarnations(from: number, to: number),
                content: .message(sequence: 1, id: MessageID(rawValue: 1), metadata: Metadata(), payload: nil))
        }
        #expect(session.receive(frame(1)).isEmpty)
        _ = session.open(1, Self.none)
        #expect(session.receive(frame(2)).isEmpty)
        #expect(session.receive(frame(1)).count == 2)
        session.suspend(1)
        #expect(session.greeting(for: 1).handled == 1)
        #expect(session.receive(frame(1)).isEmpty)
    }

    @Test func aSavedSessionGoesOn() throws {
        var session = session()
        _ = session.open(1, Self.none)
        for id in 1...2 { _ = send(UInt64(id), &session) }
        session.suspend(1)
        _ = session.giveUp(1)
        _ = session.open(2, Self.none)
        var table = PayloadTable()
        let state = session.state(&table)
        var restored = self.session()
        try restored.restore(state, table)
        let greeting = LinkSession.Greeting(number: 1, handled: 1, formerNumber: 0, formerHandled: 0)
        #expect(restored.greeting(for: 1) == session.greeting(for: 1))
        #expect(restored.open(1, greeting).isEmpty)
        #expect(restored.mintedMass == 0.25)
    }
}
