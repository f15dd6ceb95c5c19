import Configuration
import Gossip
import Graphs
import TestKit
import Testing
import Vectors

@testable import Runtime

/// What a node's vectors have in common with what it hands to its environment.
@Suite struct NodeTests {
    /// Keeps what it is asked; answers with gradients of ones.
    private final class Notebook {
        var models: [Payload] = []
        var scales: [Float] = []
        var spent: [UInt?] = []
        var block: FlatVector?
    }

    private final class NotingPort: Port {
        let notebook: Notebook

        init(_ notebook: Notebook) { self.notebook = notebook }

        func send(_ frame: Frame) {}
        func setTimer(_ timer: NodeTimer, at time: Time) {}

        func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
            notebook.models.append(model)
            notebook.scales.append(scale)
            var block = spent
            if let taken = block.take() {
                notebook.spent.append(NodeTests.address(taken))
                notebook.block = consume taken
            } else {
                notebook.spent.append(nil)
                notebook.block = FlatVector(count: model.count)
            }
        }

        func takeGradient() -> FlatVector {
            guard var block = notebook.block.take() else { preconditionFailure("no gradient was asked for") }
            block.write { span in
                for index in span.indices { span[index] = 1 }
            }
            return block
        }
    }

    private static func address(_ vector: borrowing FlatVector) -> UInt {
        vector.read { span in span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
    }

    private func node(_ notebook: Notebook) throws -> Node {
        let setup = Setup(
            me: 0, peers: 1, seed: 1, graph: try Graph("complete", peers: 1), samples: 1, stepsPerEpoch: 1, steps: 10)
        return Node(
            try Algorithms.make("centralized", setup, options: Options()), me: 0, peers: 1,
            model: FlatVector([5, 6]), localOptimizer: PlainOptimizer(rate: 1), port: NotingPort(notebook),
            session: Session(me: 0, retransmissionSeconds: nil), pool: PayloadPool())
    }

    private let report = Inbound.gradientReady(GradientReport(loss: 1, correct: 0, samples: 1))

    @Test func aGradientsModelIsSharedAndStaysAsItWas() throws {
        let notebook = Notebook()
        var node = try node(notebook)
        node.start(now: .zero)
        let isShared = node.evaluatedSnapshot() === notebook.models[0]
        #expect(isShared)
        node.handle(report, now: .zero)
        node.handle(report, now: .zero)
        #expect(notebook.models.map { $0.array() } == [[5, 6], [4, 5], [3, 4]])
        #expect(notebook.scales == [1, 1, 1])
    }

    /// Who drops the model at once costs the node no copy: it steps in one and the same block.
    @Test func theBlocksOfModelAndGradientServeAgain() throws {
        let notebook = Notebook()
        var node = try node(notebook)
        node.start(now: .zero)
        var places: Set<UInt> = []
        for _ in 0..<5 {
            places.formUnion(
                notebook.models.map { $0.read { $0.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } } })
            notebook.models = []
            node.handle(report, now: .zero)
        }
        #expect(places.count == 1)
        #expect(notebook.spent.count == 6)
        #expect(notebook.spent[0] == nil)
        #expect(Set(notebook.spent.dropFirst()).count == 1)
    }
}
