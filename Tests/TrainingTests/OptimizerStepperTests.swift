import Configuration
import Optimizers
import Runtime
import Testing
import Vectors

@testable import Training
@testable import Workloads

@Suite struct OptimizerStepperTests {
    private func localOptimizer(_ name: String = "momentum") throws -> ScheduledOptimizer {
        ScheduledOptimizer(
            try Optimizers.make(name, Options(), layout: VectorLayout([("x", [3])])),
            schedule: ConstantSchedule(), stepsPerEpoch: 1, steps: 10)
    }

    private func step(_ localOptimizer: inout ScheduledOptimizer, _ model: [Float]) -> [Float] {
        let gradient: [Float] = [1, -2, 3]
        var vector = FlatVector(model)
        vector.write { localOptimizer.update(&$0, along: gradient.span) }
        return vector.array()
    }

    @Test func aSavedStateIsGoneOnFromToTheBit() throws {
        var first = try localOptimizer()
        let model = step(&first, [0, 0, 0])
        let state = first.state
        #expect(state.vectors == ["momentum": [1, -2, 3]] && state.words.isEmpty)
        var second = try localOptimizer()
        try second.restore(state)
        #expect(step(&second, model) == step(&first, model))
    }

    @Test func aStateOfSomethingElseIsRefused() throws {
        var optimizer = try localOptimizer()
        #expect(throws: StateError("there is no vector 'momentum'")) { try optimizer.restore(StateDict()) }
        #expect(throws: StateError("vector 'momentum' has 2 numbers, and 3 are needed")) {
            try optimizer.restore(StateDict(vectors: ["momentum": [1, 2]]))
        }
        let stray = StateDict(vectors: ["momentum": [1, 2, 3]], words: ["steps": [1]])
        #expect(throws: StateError("nothing here remembers 'steps'")) { try optimizer.restore(stray) }
        var plain = try localOptimizer("sgd")
        #expect(throws: StateError("nothing here remembers 'momentum'")) {
            try plain.restore(StateDict(vectors: ["momentum": [1, 2, 3]]))
        }
        try plain.restore(StateDict())
    }
}
