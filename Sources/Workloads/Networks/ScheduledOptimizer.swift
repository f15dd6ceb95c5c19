package import Optimizers
package import Runtime
import Vectors

/// An optimizer with its schedule: what a node steps with.
package struct ScheduledOptimizer: LocalOptimizer, ~Copyable {
    private var optimizer: Optimizer
    private let schedule: any Schedule
    private let baseRate: Float
    private let stepsPerEpoch: Double
    private let steps: Int

    /// - Parameters:
    ///   - optimizer: its learning rate is the one that the schedule scales.
    ///   - stepsPerEpoch: steps of one of the peer's epochs.
    ///   - steps: steps that it makes in the whole run.
    package init(
        _ optimizer: consuming Optimizer, schedule: any Schedule, stepsPerEpoch: Double, steps: UInt64
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
        optimizer.epoch = Double(step) / stepsPerEpoch
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

    /// What the optimizer remembers; its learning rate follows from the step.
    package var state: StateDict {
        let state = optimizer.state
        return StateDict(vectors: state.vectors, words: state.words.mapValues { [$0] })
    }

    package mutating func restore(_ state: StateDict) throws(StateError) {
        var saved = optimizer.state
        for name in saved.vectors.keys.sorted() { saved.vectors[name] = try state.vector(name, count: optimizer.count) }
        for name in saved.words.keys.sorted() { saved.words[name] = try state.words(name, count: 1)[0] }
        try state.refuseUnknown(besides: Array(saved.vectors.keys) + Array(saved.words.keys))
        optimizer.state = saved
    }
}
