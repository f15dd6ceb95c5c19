import Configuration
import Randomness
import Testing
import Vectors

@testable import Optimizers

#if canImport(Glibc)
    import Glibc
#endif

/// The rules that treat tensors apart, with their options off the defaults, against the same in plain loops of double
/// precision: on tensors that lie across the blocks of 1024 numbers in which a step is made, among them one of zeros
/// and one whose gradient is zero.
@Suite struct TensorPartsTests {
    private static let layout = VectorLayout([
        ("a.weight", [3, 700]), ("a.bias", [5]), ("zero.weight", [11, 100]), ("still.weight", [2, 300]),
        ("norm.weight", [1500]), ("b.weight", [1, 1]), ("b.bias", [1]),
    ])
    private static let count = layout.count
    private static let flags = [(true, true), (true, false), (false, true), (false, false)]

    private func numbers(_ round: UInt64, zeroing name: String) -> [Double] {
        var stream = RandomStream(seed: 4, purpose: .test, round: round)
        let zeros = Self.layout[name]?.range ?? 0..<0
        return (0..<Self.count).map { index in
            let number = Double(Float(stream.normal()))
            return zeros.contains(index) ? 0 : number
        }
    }

    private func norm(_ x: some Sequence<Double>) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// Four steps by an optimizer and by a rule that makes of time, model and gradient the step, less the rate.
    private func check(
        _ name: String, _ options: [String: OptionValue],
        _ rule: (_ time: Int, _ x: [Double], _ g: [Double]) -> [Double]
    ) throws {
        let options = Options(options.merging(["learning_rate": .number(0.125)]) { $1 })
        var optimizer = try Optimizers.make(name, options, layout: Self.layout)
        var x = numbers(1, zeroing: "zero.weight")
        var model = FlatVector(x.map { Float($0) })
        for time in 1...4 {
            let g = numbers(UInt64(1 + time), zeroing: "still.weight")
            let gradient = g.map { Float($0) }
            model.write { optimizer.update(&$0, along: gradient.span) }
            let step = rule(time, x, g)
            for index in x.indices { x[index] -= 0.125 * step[index] }
            let off = zip(model.array(), x).map { abs(Double($0) - $1) }.max() ?? 0
            #expect(off <= 1e-5, "\(name), step \(time): \(off)")
        }
    }

    private func options(_ pairs: (adapts: Bool, decays: Bool)?, decay: Double) -> [String: OptionValue] {
        guard let pairs else { return ["weight_decay": .number(decay)] }
        return [
            "weight_decay": .number(decay), "adapt_norms_and_biases": .boolean(pairs.adapts),
            "decay_norms_and_biases": .boolean(pairs.decays),
        ]
    }

    @Test(arguments: flags) func lars(adapts: Bool, decays: Bool) throws {
        var velocity = [Double](repeating: 0, count: Self.count)
        let own: [String: OptionValue] = ["trust": .number(0.05), "momentum": .number(0.8)]
        try check("lars", own.merging(options((adapts, decays), decay: 0.3)) { $1 }) { _, x, g in
            for tensor in Self.layout.entries {
                let decay = decays || tensor.isWeight ? 0.3 : 0
                let (length, slope) = (norm(x[tensor.range]), norm(g[tensor.range]))
                let isAdapted = (adapts || tensor.isWeight) && length > 0 && slope > 0
                let factor = isAdapted ? 0.05 * length / (slope + decay * length + 1e-8) : 1
                for index in tensor.range {
                    velocity[index] = 0.8 * velocity[index] + factor * (g[index] + decay * x[index])
                }
            }
            return velocity
        }
    }

    @Test(arguments: flags) func lamb(adapts: Bool, decays: Bool) throws {
        var (m, v) = ([Double](repeating: 0, count: Self.count), [Double](repeating: 0, count: Self.count))
        try check("lamb", options((adapts, decays), decay: 0.3)) { time, x, g in
            var step = x
            for tensor in Self.layout.entries {
                let decay = decays || tensor.isWeight ? 0.3 : 0
                for index in tensor.range {
                    m[index] = 0.9 * m[index] + 0.1 * g[index]
                    v[index] = 0.999 * v[index] + 0.001 * g[index] * g[index]
                    let root = (v[index] / (1 - pow(0.999, Double(time)))).squareRoot()
                    step[index] = m[index] / (1 - pow(0.9, Double(time))) / (root + 1e-6) + decay * x[index]
                }
                let (length, change) = (norm(x[tensor.range]), norm(step[tensor.range]))
                guard adapts || tensor.isWeight, length > 0, change > 0 else { continue }
                for index in tensor.range { step[index] *= length / change }
            }
            return step
        }
    }

    /// Without decay a tensor whose gradient is zero has a step of zero length: it stays, and is not divided by it.
    @Test(arguments: ["lars", "lamb"]) func aTensorWithoutGradientStays(name: String) throws {
        let options = Options(name == "lars" ? ["momentum": .number(0)] : ["weight_decay": .number(0)])
        var optimizer = try Optimizers.make(name, options, layout: Self.layout)
        let start = numbers(1, zeroing: "zero.weight").map { Float($0) }
        var model = FlatVector(start)
        let gradient = numbers(2, zeroing: "still.weight").map { Float($0) }
        model.write { optimizer.update(&$0, along: gradient.span) }
        let still = try #require(Self.layout["still.weight"]?.range)
        let end = model.array()
        #expect(end[still] == start[still] && end.allSatisfy(\.isFinite))
        let zero = try #require(Self.layout["zero.weight"]?.range)
        #expect(end[zero].contains { $0 != 0 })
    }

    @Test(arguments: [true, false], [true, false]) func adamw(decays: Bool, isAMSGrad: Bool) throws {
        let zeros = [Double](repeating: 0, count: Self.count)
        var (m, v, largest) = (zeros, zeros, zeros)
        let own: [String: OptionValue] = [
            "decay_norms_and_biases": .boolean(decays), "amsgrad": .boolean(isAMSGrad), "beta2": .number(0.5),
        ]
        try check("adamw", own.merging(options(nil, decay: 0.3)) { $1 }) { time, x, g in
            var step = x
            for tensor in Self.layout.entries {
                for index in tensor.range {
                    m[index] = 0.9 * m[index] + 0.1 * g[index]
                    v[index] = 0.5 * v[index] + 0.5 * g[index] * g[index]
                    largest[index] = max(largest[index], v[index])
                    let square = isAMSGrad ? largest[index] : v[index]
                    let root = (square / (1 - pow(0.5, Double(time)))).squareRoot()
                    step[index] = m[index] / (1 - pow(0.9, Double(time))) / (root + 1e-8)
                    if decays || tensor.isWeight { step[index] += 0.3 * x[index] }
                }
            }
            return step
        }
    }
}
