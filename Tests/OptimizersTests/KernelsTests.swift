import Optimizers
import Randomness
import Testing
import Vectors

/// Every rule against the same rule written as a plain loop over arrays, to the bit, at lengths that leave every
/// remainder of a vector register.
@Suite struct KernelsTests {
    private static let lengths = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 64, 1000, 1023]

    @Test(arguments: lengths) func descentIsThePlainLoop(count: Int) {
        check(StochasticGradientDescent(count: count, learningRate: 0.3)) { model, gradient, _ in
            for index in model.indices { model[index] -= 0.3 * gradient[index] }
        }
    }

    @Test(arguments: lengths) func heavyBallIsThePlainLoop(count: Int) {
        check(Momentum(count: count, learningRate: 0.3, momentum: 0.7)) { model, gradient, velocity in
            for index in model.indices {
                velocity[index] = 0.7 * velocity[index] + gradient[index]
                model[index] -= 0.3 * velocity[index]
            }
        }
    }

    @Test(arguments: lengths) func nesterovIsThePlainLoop(count: Int) {
        check(Momentum(count: count, learningRate: 0.3, momentum: 0.7, isNesterov: true)) { model, gradient, velocity in
            for index in model.indices {
                velocity[index] = 0.7 * velocity[index] + gradient[index]
                model[index] -= 0.3 * (gradient[index] + 0.7 * velocity[index])
            }
        }
    }

    @Test func weightDecayKeepsToItsRange() {
        var gradient = FlatVector([1, 1, 1, 1, 1])
        let parameters: [Float] = [1, 2, 3, 4, 5]
        gradient.write { addWeightDecay(gradient: &$0, parameters: parameters.span, coefficient: 2, in: 1..<3) }
        #expect(gradient.array() == [1, 5, 7, 1, 1])
    }

    @Test(arguments: lengths) func weightDecayIsThePlainLoop(count: Int) {
        let parameters = numbers(count, round: 1)
        let start = numbers(count, round: 2)
        var gradient = FlatVector(start)
        gradient.write { addWeightDecay(gradient: &$0, parameters: parameters.span, coefficient: 0.01) }
        #expect(gradient.array() == zip(start, parameters).map { $0 + 0.01 * $1 })
    }

    /// Three steps by `update`, by the plain loop, and by adding what `direction` writes: all three equal to the bit.
    private func check(
        _ optimizer: consuming some Optimizer & ~Copyable,
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

    private func numbers(_ count: Int, round: Int) -> [Float] {
        var stream = RandomStream(seed: 1, purpose: .test, round: UInt64(round))
        return (0..<count).map { _ in Float(stream.normal()) }
    }
}
