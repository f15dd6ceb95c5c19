import Configuration
import Gossip
import Graphs
import TestKit
import Testing
import Vectors

@testable import Runtime

/// What a node does about passes: it asks its environment, and its environment's answers become events.
@Suite struct NodePassesTests {
    private final class Notebook {
        var requests: [PassRequest] = []
        var dropped: [Pass] = []
        var gradients = 0
        var ended: [Float]?
        var steps: [UInt64] = []
        var sent: [[Float]] = []
    }

    private final class NotingPort: Port {
        let notebook: Notebook

        init(_ notebook: Notebook) { self.notebook = notebook }

        func send(_ frame: Frame) { if let payload = frame.payload { notebook.sent.append(payload.array()) } }
        func setTimer(_ timer: NodeTimer, at time: Time) {}
        func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
            notebook.gradients += 1
        }
        func takeGradient() -> FlatVector {
            guard let values = notebook.ended else { preconditionFailure("no pass has ended") }
            notebook.ended = nil
            return FlatVector(values)
        }
        func beginPass(_ request: PassRequest) { notebook.requests.append(request) }
        func drop(_ pass: Pass) { notebook.dropped.append(pass) }
    }

    /// Steps by 10 + the number of the step.
    private struct CountingOptimizer: LocalOptimizer {
        let notebook: Notebook
        var rate: Float = 0

        mutating func begin(step: UInt64) -> Float {
            notebook.steps.append(step)
            rate = 10 + Float(step)
            return rate
        }
        func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {
            for index in gradient.indices { model[index] -= rate * gradient[index] }
        }
        func direction(at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>) {}
        func reset() {}
        var state: StateDict { StateDict() }
        func restore(_ state: StateDict) throws(StateError) {}
    }

    private func node(
        _ notebook: Notebook, _ body: @escaping @Sendable (Event, inout Effects) -> Void
    ) -> Node {
        node(Script(body), notebook)
    }

    private func node(_ algorithm: any Algorithm, _ notebook: Notebook) -> Node {
        Node(
            algorithm, me: 0, peers: 2, model: FlatVector([1, 2]),
            localOptimizer: CountingOptimizer(notebook: notebook), port: NotingPort(notebook),
            session: Session(me: 0, retransmissionSeconds: nil), pool: PayloadPool())
    }

    private static let first = Pass(microbatch: 0, slot: 0)
    private static let second = Pass(microbatch: 1, slot: 0)

    private func stopped(_ pass: Pass, _ parts: [Float]...) -> Inbound {
        .passAdvanced(PassReport(pass, at: .next, parts: parts.map { Payload($0) }))
    }

    private func end(_ pass: Pass, _ gradient: [Float], _ notebook: Notebook, samples: Int = 3) -> Inbound {
        notebook.ended = gradient
        return .passAdvanced(PassReport(ended: pass, GradientReport(loss: 0.5, correct: 1, samples: samples)))
    }

    /// Both passes of the step begin at the model as it was when they were asked for; what is learned in between
    /// changes neither.
    @Test func aPassKeepsToTheModelThatItBeganAt() {
        let notebook = Notebook()
        var node = node(notebook) { event, effects in
            switch event {
            case .start: effects.beginPass(Self.first)
            case .passStopped(Self.first, _, _): effects.beginPass(Self.second)
            case .passStopped(Self.second, _, _): effects.resumePass(Self.first, parts: [])
            case .passEnded(Self.first, let loss, let samples):
                #expect(loss == 0.5 && samples == 3)
                effects.update()
                effects.resumePass(Self.second, parts: [])
            case .passEnded: effects.update()
            default: break
            }
        }
        node.start(now: .zero)
        node.handle(stopped(Self.first), now: .zero)
        node.handle(stopped(Self.second), now: .zero)
        node.handle(end(Self.first, [1, 1], notebook), now: .zero)
        #expect(node.values(of: .model) == [-9, -8])
        node.handle(end(Self.second, [0, 1], notebook, samples: 2), now: .zero)
        #expect(node.values(of: .model) == [-9, -18] && node.values(of: .gradient) == [0, 1])
        #expect(notebook.requests.map { $0.model?.array() } == [[1, 2], [1, 2], nil, nil])
        #expect(notebook.requests.map(\.pass) == [Self.first, Self.second, Self.first, Self.second])
        #expect(node.statistics.samples == 5 && node.statistics.steps == 0)
    }

    /// They can be sent, and handed on when the pass goes on, with the event; kept, they live on.
    @Test func partsArePayloadsOfTheirEvent() {
        let notebook = Notebook()
        var node = node(notebook) { event, effects in
            switch event {
            case .start: effects.beginPass(Self.first)
            case .passStopped(_, .next, let parts) where parts.count == 2:
                effects.send(.received(parts[0]), metadata: Metadata(), to: 1)
                effects.keep(parts[1])
                effects.resumePass(Self.first, parts: [parts[1], parts[0]])
            case .passEnded: effects.release(PayloadID(rawValue: 2))
            default: break
            }
        }
        node.start(now: .zero)
        node.handle(stopped(Self.first, [7], [8, 9, 10]), now: .zero)
        #expect(notebook.sent == [[7]] && node.heldPayloadCount == 1)
        #expect(notebook.requests.last?.parts.map { $0.array() } == [[8, 9, 10], [7]])
        node.handle(end(Self.first, [1, 1], notebook), now: .zero)
        #expect(node.heldPayloadCount == 0)
    }

    /// The passes of a step are learned at its rate, and those of the next at the next one's.
    @Test func aStepCountsWhenItIsEnded() {
        let notebook = Notebook()
        var node = node(notebook) { event, effects in
            switch event {
            case .start: effects.beginPass(Self.first)
            case .passEnded(Self.first, _, _):
                effects.update()
                effects.beginPass(Self.second)
            case .passEnded:
                effects.update()
                effects.endStep()
                effects.beginPass(Self.first)
            default: break
            }
        }
        node.start(now: .zero)
        node.handle(end(Self.first, [1, 0], notebook), now: .zero)
        #expect(node.statistics.steps == 0 && node.learningRate == 10)
        node.handle(end(Self.second, [1, 0], notebook), now: .zero)
        // The rate is told with the step that is over; what is learned without another pass is of the next.
        #expect(node.statistics.steps == 1 && node.learningRate == 10 && notebook.steps == [0, 0, 1])
        node.handle(end(Self.first, [1, 0], notebook), now: .zero)
        #expect(node.learningRate == 11 && node.values(of: .model) == [1 - 10 - 10 - 11, 2])
    }

    @Test func aPassIsDroppedAndBeginsAgain() {
        let notebook = Notebook()
        var node = node(notebook) { event, effects in
            switch event {
            case .start: effects.beginPass(Self.first)
            case .passStopped(_, _, let parts) where parts.isEmpty:
                effects.dropPass(Self.first)
                effects.beginPass(Self.first)
            case .passStopped: effects.beginPass(Self.first)
            default: break
            }
        }
        node.start(now: .zero)
        node.handle(stopped(Self.first), now: .zero)
        #expect(notebook.dropped == [Self.first])
        node.handle(stopped(Self.first, [1]), now: .zero)
        #expect(notebook.requests.count == 3 && notebook.requests.allSatisfy { $0.model != nil })
    }

    /// Whoever has given up has no further pass computed, and is still told of the one that is.
    @Test func afterAnAbandonmentNoComputationBegins() {
        let notebook = Notebook()
        var node = node(notebook) { event, effects in
            switch event {
            case .start: effects.beginPass(Self.first)
            case .peerLeft: effects.abandon("alone")
            case .passStopped:
                effects.resumePass(Self.first, parts: [])
                effects.beginPass(Self.second)
                effects.gradient()
            default: break
            }
        }
        node.start(now: .zero)
        node.handle(.peerLeft(1), now: .zero)
        node.handle(stopped(Self.first), now: .zero)
        #expect(notebook.requests.count == 1 && notebook.gradients == 0 && node.isFinished)
    }

    // MARK: Saved

    private func relay(_ notebook: Notebook) -> Node { node(Relay(stage: 0, steps: 3), notebook) }

    private func message(_ round: UInt64, _ values: [Float]) -> Inbound {
        .frame(
            Frame(
                from: 1, to: 0,
                content: .message(
                    sequence: round + 1, id: MessageID(rawValue: round + 1), metadata: Metadata(round: round),
                    payload: Payload(values))))
    }

    /// One pass waits, the other is computed, and a part has come for the first: all of it is in the state.
    @Test func aNodeGoesOnAmidItsPasses() throws {
        let notebook = Notebook()
        var node = relay(notebook)
        node.start(now: .zero)
        node.handle(stopped(Self.first, [4, 5]), now: .zero)
        node.handle(message(0, [6, 7]), now: .zero)
        let (words, numbers) = node.state()
        #expect(words.isComputing && words.computedPass == Self.second && !words.isGradientAway)
        try words.audit(against: Relay(stage: 0, steps: 3), me: 0, peers: 2, nodes: 2)

        let later = Notebook()
        var restored = relay(later)
        try restored.restore(words, numbers)
        #expect(later.steps == [0])
        restored.handle(stopped(Self.second, [1, 1]), now: .zero)
        #expect(later.sent == [[1, 1]])
        #expect(later.requests.map(\.pass) == [Self.first] && later.requests[0].parts[0].array() == [6, 7])
        restored.handle(end(Self.first, [2, 2], later), now: .zero)
        let (after, _) = restored.state()
        #expect(!after.isComputing && restored.heldPayloadCount == 0)
    }

    /// The step that passes are made for is the same after a restoration, also when none ended before.
    @Test func theRateOfARestoredStepIsItsOwn() throws {
        let notebook = Notebook()
        var node = node(notebook) { event, effects in
            if event == .start { effects.beginPass(Self.first) }
            if case .passEnded = event { effects.endStep() }
        }
        node.start(now: .zero)
        node.handle(end(Self.first, [1, 1], notebook), now: .zero)
        let (words, numbers) = node.state()
        let later = Notebook()
        var restored = self.node(later) { _, _ in }
        try restored.restore(words, numbers)
        #expect(later.steps == [1])
    }

    /// What a state asks for that is none of its algorithm ends the run with a reason, not the program.
    @Test(arguments: [
        (Effect.resumePass(Pass(microbatch: 9, slot: 0), parts: []), "has not begun"),
        (.resumePass(first, parts: [PayloadID(rawValue: 77)]), "77 is not there"),
        (.beginPass(second), "while something is computed"), (.gradient(at: Term(1, .model)), "something is computed"),
        (.resumePass(first, parts: []), "while something is computed"),
        (.dropPass(second), "dropped while it is computed"),
    ]) func aRestoredNodeRefusesWhatCannotBe(effect: Effect, reason: String) throws {
        let notebook = Notebook()
        var node = node(notebook) { event, effects in
            switch event {
            case .start: effects.beginPass(Self.first)
            case .passStopped: effects.beginPass(Self.second)
            case .peerJoined: effects.append(effect)
            default: break
            }
        }
        node.start(now: .zero)
        node.handle(stopped(Self.first), now: .zero)
        let (words, numbers) = node.state()
        try node.restore(words, numbers)
        node.handle(.peerJoined(1, incarnation: 0), now: .zero)
        #expect(node.abandonment?.contains(reason) == true)
        #expect(notebook.requests.count == 2)
    }

    /// Passes that no node has at once.
    @Test func passesThatCannotBeAreFound() throws {
        let notebook = Notebook()
        var node = relay(notebook)
        node.start(now: .zero)
        let (sound, _) = node.state()
        func complaint(_ change: (inout NodeState) -> Void) -> String? {
            var state = sound
            change(&state)
            do throws(StateError) {
                try state.audit(against: Relay(stage: 0, steps: 3), me: 0, peers: 2, nodes: 2)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(complaint { _ in } == nil)
        #expect(complaint { $0.passes?.computing = Self.second }?.contains("not under way") == true)
        #expect(complaint { $0.passes?.underWay.append(Self.first) }?.contains("twice") == true)
        #expect(complaint { $0.isGradientAway = true }?.contains("at once") == true)
        #expect(
            complaint { $0.passes?.underWay.append(Pass(microbatch: 1 << 50, slot: 0)) }?.contains("microbatch") == true
        )
        #expect(complaint { $0.passes?.underWay.append(Pass(microbatch: 3, slot: 2)) }?.contains("slot 2") == true)
    }
}
