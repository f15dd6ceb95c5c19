import Optimizers
package import Runtime
import Vectors

/// An optimizer with its schedule: what a node steps with.
package struct OptimizerStepper: Stepper, ~Copyable {
    private var optimizer: any Optimizer & ~Copyable
    private let schedule: any Schedule
    private let baseRate: Float
    private let stepsPerEpoch: Double
    private let steps: Int

    /// - Parameters:
    ///   - optimizer: its learning rate is the one that the schedule scales.
    ///   - stepsPerEpoch: steps of one of the peer's epochs.
    ///   - steps: steps that it makes in the whole run.
    init(
        _ optimizer: consuming any Optimizer & ~Copyable, schedule: any Schedule, stepsPerEpoch: Double, steps: UInt64
    ) {
        baseRate = optimizer.learningRate
        self.optimizer = optimizer
        self.schedule = schedule
        self.stepsPerEpoch = stepsPerEpoch
        self.steps = Int(steps)
    }

    package mutating func begin(step: UInt64) -> Float {
        let factor = schedule.factor(at: Int(step), stepsPerEpoch: stepsPerEpoch, of: steps)
        optimizer.learningRate = baseRate * Float(factor)
        return optimizer.learningRate
    }

    package mutating func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {
        optimizer.update(&model, along: gradient)
    }

    package mutating func direction(
        at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>
    ) {
        optimizer.direction(at: model, along: gradient, into: &target)
    }

    package mutating func reset() { optimizer.reset() }

    /// The optimizer's vectors; its learning rate follows from the step.
    package var state: Numbers {
        mutating get {
            var numbers = Numbers()
            // The vectors are lent for writing and only read: the compiler opens an `any` without copies in no other
            // way.
            optimizer.writeState { name, values in numbers.vectors[name] = values.indices.map { values[$0] } }
            return numbers
        }
    }

    package mutating func restore(_ state: Numbers) throws(StateError) {
        var names: [String] = []
        let count = optimizer.count
        do {
            try optimizer.writeState { name, values in
                names.append(name)
                let saved = try state.vector(name, count: count)
                for index in saved.indices { values[index] = saved[index] }
            }
        } catch {
            throw error as? StateError ?? StateError("\(error)")
        }
        try state.refuseUnknown(besides: names)
    }
}
