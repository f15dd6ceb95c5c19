import Configuration
import Gossip
import Graphs
import Synchronization
import Testing
import Vectors

@testable import Runtime

/// The numbers of messages and the lives of payloads, which are the node's.
@Suite struct NodeLifetimesTests {
    private final class Wire {
        var frames: [Frame] = []
    }

    private final class WirePort: Port {
        let wire: Wire

        init(_ wire: Wire) { self.wire = wire }

        func send(_ frame: Frame) { wire.frames.append(frame) }
        func setTimer(_ timer: NodeTimer, at time: Time) {}
        func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {}
        func takeGradient() -> FlatVector { preconditionFailure("no gradient was asked for") }
    }

    private struct NoSteps: LocalOptimizer {
        func begin(step: UInt64) -> Float { 1 }
        func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {}
        func direction(at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>) {}
        func reset() {}
        var state: StateDict { StateDict() }
        func restore(_ state: StateDict) throws(StateError) {}
    }

    private func node(
        _ wire: Wire, me: PeerID = 0, isByLinks: Bool = false,
        _ body: @escaping @Sendable (Event, inout Effects) -> Void
    ) -> Node {
        Node(
            Script(body), me: me, peers: 2, model: FlatVector([1, 2]), localOptimizer: NoSteps(),
            port: WirePort(wire),
            session: Session(me: me, retransmissionSeconds: nil, isByLinks: isByLinks), pool: PayloadPool())
    }

    /// What was in doubt is told before its peer is there again; a link that breaks returns nothing by itself.
    @Test func aLinkSettlesBeforeItsPeerIsThere() {
        let told = Mutex<[String]>([])
        var node = node(Wire(), isByLinks: true) { event, effects in
            told.withLock { $0.append(event.line) }
            if case .peerJoined = event {
                for _ in 0..<2 { effects.send(nil, metadata: Metadata(weight: 0.5), to: 1) }
            }
        }
        func heard(_ inbound: Inbound) -> [String] {
            told.withLock { $0 = [] }
            node.handle(inbound, now: .zero)
            return told.withLock { $0 }
        }
        let greeting = LinkSession().greeting(handled: 0)
        #expect(heard(.linkUp(1, greeting)) == ["joined 1"])
        #expect(heard(.linkDown(1)) == ["left 1"] && node.carried == 1)
        let next = LinkSession.Greeting(number: 1, handled: 1, formerNumber: 0, formerHandled: 0)
        #expect(heard(.linkUp(1, next)) == ["delivered 1", "returned 2 -", "joined 1"])
        #expect(heard(.linkDown(1)) == ["left 1"])
        #expect(heard(.doubtOver(1)) == ["returned 3 -", "returned 4 -"])
    }

    private func message(_ sequence: UInt64, round: UInt64 = 0) -> Inbound {
        .frame(
            Frame(
                from: 1, to: 0,
                content: .message(
                    sequence: sequence, id: MessageID(rawValue: sequence), metadata: Metadata(round: round),
                    payload: Payload([Float(sequence), 0]))))
    }

    /// It can be named in any effect of its event, and is gone with it.
    @Test func aPayloadGoesWithItsEvent() {
        var node = node(Wire()) { event, effects in
            guard case .received(.some(let payload), _, _) = event else { return }
            effects.combine(into: .model, Term(1, .model), Term(1, .received(payload)))
            effects.combine(into: .named(0), Term(1, .received(payload)))
        }
        node.handle(message(1), now: .zero)
        #expect(node.heldPayloadCount == 0)
        #expect(node.values(of: .model) == [2, 2] && node.values(of: .named(0)) == [1, 0])
    }

    /// Kept, it stays until the end of the event that releases it: it may be named behind its release.
    @Test func aKeptPayloadStaysUntilTheEventOfItsRelease() {
        let kept = Mutex<PayloadID?>(nil)
        var node = node(Wire()) { event, effects in
            guard case .received(.some(let payload), let metadata, _) = event else { return }
            if metadata.round == 0 {
                effects.keep(payload)
                kept.withLock { $0 = payload }
            } else if let first = kept.withLock({ $0 }), metadata.round == 2 {
                effects.release(first)
                effects.combine(into: .model, Term(1, .received(first)))
            }
        }
        node.handle(message(1), now: .zero)
        #expect(node.heldPayloadCount == 1)
        node.handle(message(2, round: 1), now: .zero)
        #expect(node.heldPayloadCount == 1)
        node.handle(message(3, round: 2), now: .zero)
        #expect(node.heldPayloadCount == 0 && node.values(of: .model) == [1, 0])
    }

    /// What comes back from a peer that is gone goes with its event, too.
    @Test func whatIsReturnedGoesWithItsEvent() {
        let returned = Mutex<[UInt64]>([])
        var node = node(Wire()) { event, effects in
            switch event {
            case .start: effects.send(.model, metadata: Metadata(), to: 1)
            case .returned(let id, .some(let payload)):
                returned.withLock { $0.append(id.rawValue) }
                effects.combine(into: .model, Term(1, .model), Term(1, .received(payload)))
            default: break
            }
        }
        node.start(now: .zero)
        node.handle(.peerLeft(1), now: .zero)
        #expect(returned.withLock { $0 } == [1] && node.heldPayloadCount == 0 && node.values(of: .model) == [2, 4])
    }

    /// Numbers go on from event to event, and the sender is told of each by the number that sending gave back.
    @Test func messagesAreNumberedByTheNode() {
        let wire = Wire()
        let sent = Mutex<[UInt64]>([])
        let delivered = Mutex<[UInt64]>([])
        var node = node(wire) { event, effects in
            if case .delivered(let id) = event { return delivered.withLock { $0.append(id.rawValue) } }
            let ids = (0..<2).map { _ in effects.send(nil, metadata: Metadata(), to: 1).rawValue }
            sent.withLock { $0 += ids }
        }
        node.start(now: .zero)
        node.handle(.event(.timer(TimerID(rawValue: 1))), now: .zero)
        #expect(sent.withLock { $0 } == [1, 2, 3, 4])
        node.handle(.frame(Frame(from: 1, to: 0, content: .acknowledgement(through: 3))), now: .zero)
        #expect(delivered.withLock { $0 } == [1, 2, 3])
    }

    /// Pieces of an average are frames of their own kind: no algorithm is told of them, coming or going.
    @Test func noAlgorithmHearsOfThePartsOfAnAverage() {
        let wires = [Wire(), Wire()]
        let told = Mutex<[String]>([])
        func averaging(_ me: PeerID) -> Node {
            node(wires[me.rawValue], me: me) { event, effects in
                told.withLock { $0.append("\(me) \(event.line)") }
                if case .start = event {
                    if me == 1 { effects.combine(into: .model, Term(3, .model)) }
                    effects.average(.model)
                    effects.send(nil, metadata: Metadata(), to: me == 0 ? 1 : 0)
                }
            }
        }
        var first = averaging(0)
        var second = averaging(1)
        first.start(now: .zero)
        second.start(now: .zero)
        while !wires[0].frames.isEmpty || !wires[1].frames.isEmpty {
            let (toSecond, toFirst) = (wires[0].frames, wires[1].frames)
            (wires[0].frames, wires[1].frames) = ([], [])
            for frame in toSecond { second.handle(.frame(frame), now: .zero) }
            for frame in toFirst { first.handle(.frame(frame), now: .zero) }
        }
        #expect(first.values(of: .model) == [2, 4] && second.values(of: .model) == [2, 4])
        #expect(first.heldPayloadCount == 0 && second.heldPayloadCount == 0)
        let ofFirst = told.withLock { $0 }.filter { $0.hasPrefix("0") }
        #expect(ofFirst.sorted() == ["0 averaged model", "0 delivered 1", "0 received - r0 from 1", "0 start"])
    }

    /// A session that is saved while parts are under way goes on with parts.
    @Test func partsUnderWayAreSavedAsParts() throws {
        var sender = Session(me: 0, retransmissionSeconds: 1)
        var receiver = Session(me: 1, retransmissionSeconds: 1)
        _ = sender.sendPart(Payload([1]), to: 1, now: .zero)
        let second = sender.sendPart(Payload([2]), to: 1, now: .zero)
        for case .transmit(let frame) in second { _ = receiver.receive(frame) }
        var (table, other) = (PayloadTable(), PayloadTable())
        let (sent, came) = (sender.state(&table), receiver.state(&other))
        try sender.restore(sent, PayloadTable(table.numbers))
        try receiver.restore(came, PayloadTable(other.numbers))
        var parts: [[Float]] = []
        for case .transmit(let frame) in sender.retransmit(now: Time(seconds: 2)) {
            for case .receivedPart(let payload) in receiver.receive(frame) { parts.append(payload.array()) }
        }
        #expect(parts == [[1], [2]])
        // Nobody is told what becomes of them.
        #expect(sender.fence(1).isEmpty && sender.unacknowledgedCount == 0)
    }
}
