import Configuration
import Optimizers
import Runtime
import Testing
import Vectors

@testable import Training

@Suite struct OptimizerStepperTests {
    private func stepper(_ name: String = "momentum") throws -> OptimizerStepper {
        OptimizerStepper(
            try Optimizers.make(name, Options(), count: 3), schedule: ConstantSchedule(), stepsPerEpoch: 1, steps: 10)
    }

    private func step(_ stepper: inout OptimizerStepper, _ model: [Float]) -> [Float] {
        let gradient: [Float] = [1, -2, 3]
        var vector = FlatVector(model)
        vector.write { stepper.update(&$0, along: gradient.span) }
        return vector.array()
    }

    @Test func aSavedStateIsGoneOnFromToTheBit() throws {
        var first = try stepper()
        let model = step(&first, [0, 0, 0])
        let state = first.state
        #expect(state.vectors == ["momentum": [1, -2, 3]] && state.words.isEmpty)
        var second = try stepper()
        try second.restore(state)
        #expect(step(&second, model) == step(&first, model))
    }

    @Test func aStateOfSomethingElseIsRefused() throws {
        var optimizer = try stepper()
        #expect(throws: StateError("there is no vector 'momentum'")) { try optimizer.restore(Numbers()) }
        #expect(throws: StateError("vector 'momentum' has 2 numbers, and 3 are needed")) {
            try optimizer.restore(Numbers(vectors: ["momentum": [1, 2]]))
        }
        let stray = Numbers(vectors: ["momentum": [1, 2, 3]], words: ["steps": [1]])
        #expect(throws: StateError("nothing here remembers 'steps'")) { try optimizer.restore(stray) }
        var plain = try stepper("sgd")
        #expect(throws: StateError("nothing here remembers 'momentum'")) {
            try plain.restore(Numbers(vectors: ["momentum": [1, 2, 3]]))
        }
        try plain.restore(Numbers())
    }
}
