import Configuration
import Optimizers
import Randomness
import Testing
import Vectors

@Suite struct GradientShapingTests {
    private func shaped(_ gradient: [Float], at parameters: [Float] = [], _ shaping: GradientShaping) -> [Float] {
        var vector = FlatVector(gradient)
        vector.write { shaping.apply(to: &$0, at: parameters.span) }
        return vector.array()
    }

    private func numbers(_ count: Int, round: UInt64) -> [Float] {
        var stream = RandomStream(seed: 1, purpose: .test, round: round)
        return (0..<count).map { _ in Float(stream.normal()) }
    }

    @Test func aLongGradientKeepsItsDirection() {
        #expect(shaped([3, 4], GradientShaping(clipNorm: 2.5)) == [1.5, 2])
        #expect(shaped([3, 4], GradientShaping(clipNorm: 5)) == [3, 4])
        #expect(shaped([3, 4], GradientShaping(clipNorm: 6)) == [3, 4])
        #expect(shaped([0, 0], GradientShaping(clipNorm: 1)) == [0, 0])
        #expect(shaped([3, 4], GradientShaping()) == [3, 4])
    }

    @Test func weightDecayIsAddedBehindTheClipping() {
        // (3, 4) becomes (0.6, 0.8); then 0.5 (2, -2) is added.
        let both = GradientShaping(clipNorm: 1, weightDecay: 0.5)
        let result = shaped([3, 4], at: [2, -2], both)
        #expect(abs(result[0] - 1.6) < 1e-6 && abs(result[1] + 0.2) < 1e-6)
        #expect(shaped([0.3, 0.4], at: [2, -2], both) == [0.3 + 1, 0.4 - 1])
    }

    /// The norm is that of the whole vector, at lengths that leave every remainder of a vector register.
    @Test(arguments: [1, 7, 16, 17, 31, 33, 1000, 4099]) func theWholeVectorCounts(count: Int) {
        let (gradient, parameters) = (numbers(count, round: 1), numbers(count, round: 2))
        let norm = gradient.map { Double($0) * Double($0) }.reduce(0, +).squareRoot()
        let limit = Float(norm / 3)
        let result = shaped(gradient, at: parameters, GradientShaping(clipNorm: limit, weightDecay: 0.01))
        for index in 0..<count {
            #expect(abs(result[index] - (gradient[index] / 3 + 0.01 * parameters[index])) < 1e-5)
        }
    }

    @Test func lengthsThatSinglePrecisionCannotHoldAreClippedAll() {
        let result = shaped([3e30, 4e30], GradientShaping(clipNorm: 1))
        #expect(abs(result[0] - 0.6) < 1e-6 && abs(result[1] - 0.8) < 1e-6)
    }

    @Test func whatIsNoNumberIsNotHidden() {
        #expect(shaped([.nan, 1], GradientShaping(clipNorm: 0.1))[0].isNaN)
        #expect(shaped([.infinity, 1], GradientShaping(clipNorm: 0.1)) == [.infinity, 1])
    }

    @Test func everyOptimizerTakesTheOptions() throws {
        for description in Optimizers.all {
            #expect(description.options.contains { $0.name == "clip_norm" && $0.defaultValue == .null })
            #expect(description.options.contains { $0.name == "weight_decay" })
        }
        #expect(try Optimizers.shaping("sgd", Options()) == GradientShaping())
        #expect(
            try Optimizers.shaping("sgd", Options(["clip_norm": .number(2), "weight_decay": .number(0.5)]))
                == GradientShaping(clipNorm: 2, weightDecay: 0.5))
        for bad in [0, -1, 1e-60, 1e60] {
            let error = #expect(throws: ConfigurationError.self) {
                _ = try Optimizers.shaping("sgd", Options(["clip_norm": .number(bad)]))
            }
            #expect(error?.key == "clip_norm")
        }
    }
}
