import Randomness
import Testing
import Vectors

@testable import Optimizers

/// Chains against the same rules written as plain loops over arrays, to the bit, at lengths that leave every remainder
/// of a vector register and of a block.
@Suite struct OptimizerTests {
    private static let lengths = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 64, 1000, 1023, 1024, 1025, 3333]

    @Test(arguments: lengths) func descentIsThePlainLoop(count: Int) {
        check(Optimizer(count: count, learningRate: 0.3)) { model, gradient, _ in
            for index in model.indices { model[index] -= 0.3 * gradient[index] }
        }
    }

    @Test(arguments: lengths) func heavyBallIsThePlainLoop(count: Int) {
        check(
            Optimizer(count: count, learningRate: 0.3, [Momentum(count: count, momentum: 0.7)])
        ) { model, gradient, velocity in
            for index in model.indices {
                velocity[index] = 0.7 * velocity[index] + gradient[index]
                model[index] -= 0.3 * velocity[index]
            }
        }
    }

    @Test(arguments: lengths) func nesterovIsThePlainLoop(count: Int) {
        check(
            Optimizer(count: count, learningRate: 0.3, [Momentum(count: count, momentum: 0.7, isNesterov: true)])
        ) { model, gradient, velocity in
            for index in model.indices {
                velocity[index] = 0.7 * velocity[index] + gradient[index]
                model[index] -= 0.3 * (gradient[index] + 0.7 * velocity[index])
            }
        }
    }

    /// Links see what the link before has made of the gradient, and the model as it was before the step.
    @Test(arguments: lengths) func linksActInOrder(count: Int) {
        check(
            Optimizer(
                count: count, learningRate: 0.3,
                [WeightDecay(0.5), Momentum(count: count, momentum: 0.7), WeightDecay(0.25)])
        ) { model, gradient, velocity in
            for index in model.indices {
                velocity[index] = 0.7 * velocity[index] + (gradient[index] + 0.5 * model[index])
                model[index] -= 0.3 * (velocity[index] + 0.25 * model[index])
            }
        }
    }

    @Test(arguments: lengths) func severalLinksAreOnePass(count: Int) {
        check(
            Optimizer(
                count: count, learningRate: 0.3,
                [ClipNorm(1e9), Momentum(count: count, momentum: 0.5), Momentum2(count: count)])
        ) { model, gradient, velocity in
            // Both velocities in one array: the second one behind the first.
            if velocity.count == count { velocity += [Float](repeating: 0, count: count) }
            for index in model.indices {
                velocity[index] = 0.5 * velocity[index] + gradient[index]
                velocity[count + index] = 0.25 * velocity[count + index] + velocity[index]
                model[index] -= 0.3 * velocity[count + index]
            }
        }
    }

    /// Momentum of a quarter under another name.
    private struct Momentum2: GradientTransform {
        private var velocity: [Float]

        init(count: Int) { velocity = [Float](repeating: 0, count: count) }

        static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] { [("second", \.velocity)] }

        mutating func apply(
            _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
            into target: inout MutableSpan<Float>, _ output: StepOutput
        ) {
            for index in 0..<gradient.count {
                let place = range.lowerBound + index
                velocity[place] = 0.25 * velocity[place] + gradient[index]
                output.put(velocity[place], into: &target[index])
            }
        }
    }

    /// Three steps by `update`, by the plain loop, and by adding what `direction` writes: all three equal to the bit.
    private func check(
        _ optimizer: consuming Optimizer,
        plain: (_ model: inout [Float], _ gradient: [Float], _ velocity: inout [Float]) -> Void
    ) {
        let count = optimizer.count
        let gradients = (1...3).map { numbers(count, round: $0) }
        var model = FlatVector(numbers(count, round: 0))
        var expected = model.array()
        var velocity = [Float](repeating: 0, count: count)
        for gradient in gradients {
            model.write { optimizer.update(&$0, along: gradient.span) }
            plain(&expected, gradient, &velocity)
            #expect(model.array() == expected)
        }

        optimizer.reset()
        var added = numbers(count, round: 0)
        for gradient in gradients {
            // What stood in the direction before must not matter.
            var direction = FlatVector([Float](repeating: .nan, count: count))
            direction.write { optimizer.direction(at: added.span, along: gradient.span, into: &$0) }
            for (index, step) in direction.array().enumerated() { added[index] += step }
        }
        #expect(added == expected)
    }

    /// A rule that remembers two vectors and a word, and asks for the whole gradient: the mean of all gradients so far,
    /// plus the number of steps times the first number of the whole gradient.
    private struct Mean: GradientTransform {
        private var sum: [Float]
        private var last: [Float]
        private var steps: UInt64 = 0
        private var first: Float = 0

        init(count: Int) {
            sum = [Float](repeating: 0, count: count)
            last = sum
        }

        static var vectors: [(name: String, path: WritableKeyPath<Self, [Float]>)] {
            [("sum", \.sum), ("last", \.last)]
        }
        static var words: [(name: String, path: WritableKeyPath<Self, UInt64>)] { [("steps", \.steps)] }

        mutating func begin(_ gradient: Span<Float>, at parameters: Span<Float>, _ context: StepContext) {
            steps += 1
            first = gradient[0]
        }

        mutating func apply(
            _ gradient: Span<Float>, at parameters: Span<Float>, in range: Range<Int>,
            into target: inout MutableSpan<Float>, _ output: StepOutput
        ) {
            for index in 0..<gradient.count {
                sum[range.lowerBound + index] += gradient[index]
                last[range.lowerBound + index] = gradient[index]
                output.put(
                    sum[range.lowerBound + index] / Float(steps) + Float(steps) * first, into: &target[index])
            }
        }
    }

    @Test func whatARuleRemembersGoesByItsNames() {
        let count = 1500
        let (one, two) = (numbers(count, round: 1), numbers(count, round: 2))
        var optimizer = Optimizer(count: count, learningRate: 1, [Mean(count: count)])
        #expect(optimizer.hasMomentum == true)
        #expect(optimizer.state.words == ["steps": 0])
        var model = FlatVector(count: count)
        model.write { optimizer.update(&$0, along: one.span) }
        let saved = optimizer.state
        #expect(saved.words == ["steps": 1])
        #expect(saved.vectors == ["sum": one, "last": one])

        // Another optimizer of the same chain goes on from there, to the bit.
        var other = Optimizer(count: count, learningRate: 1, [Mean(count: count)])
        other.state = saved
        var resumed = FlatVector(model.array())
        model.write { optimizer.update(&$0, along: two.span) }
        resumed.write { other.update(&$0, along: two.span) }
        #expect(resumed.array() == model.array())
        let expected = zip(one, two).map { -($0 + one[0]) - (($0 + $1) / 2 + 2 * two[0]) }
        #expect(zip(model.array(), expected).allSatisfy { abs($0 - $1) <= 1e-5 })
        #expect(other.state == optimizer.state)

        optimizer.reset()
        #expect(optimizer.state.words == ["steps": 0])
        #expect(optimizer.state.vectors.values.allSatisfy { $0.allSatisfy { $0 == 0 } })
    }

    private func numbers(_ count: Int, round: Int) -> [Float] {
        var stream = RandomStream(seed: 1, purpose: .test, round: UInt64(round))
        return (0..<count).map { _ in Float(stream.normal()) }
    }
}
