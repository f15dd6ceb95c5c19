import Models
import Randomness
import Testing
import Vectors

@testable import Compute

@Suite struct WinogradConvolutionTests {
    /// Two convolutions, without edges that a rounding could cross.
    struct Case: Sendable, CustomTestStringConvertible {
        let channels, filters, height, width, padding: Int
        var batch = 9

        var testDescription: String {
            "\(channels) -> \(filters) channels, \(height) x \(width), padding \(padding), batch \(batch)"
        }

        var sample: SampleNetworks.Sample {
            SampleNetworks.Sample(
                name: "winograd", inputShape: [channels, height, width],
                layers: [
                    .convolution(name: "a", filters: filters, KernelWindow(kernel: 3, padding: padding)), .tanh,
                    .convolution(name: "b", filters: 16, KernelWindow(kernel: 3, padding: padding), bias: false), .tanh,
                    .globalAveragePool, .dense(name: "end", outputs: 5),
                ])
        }
    }

    /// Tiles cut off at either edge and more than one block of them; one block of channels, two, and more than the
    /// kernels take at once, odd and even; with padding and without.
    static let cases = [
        Case(channels: 16, filters: 32, height: 10, width: 9, padding: 1),
        Case(channels: 32, filters: 16, height: 8, width: 8, padding: 1),
        Case(channels: 48, filters: 80, height: 7, width: 12, padding: 1),
        Case(channels: 96, filters: 96, height: 4, width: 4, padding: 1, batch: 33),
        Case(channels: 16, filters: 16, height: 15, width: 11, padding: 0),
    ]

    private func gradient(_ executable: inout Executable) -> [Float] {
        var block = FlatVector([Float](repeating: .nan, count: executable.network.layout.count))
        var dropout = RandomStream(seed: 1, purpose: .dropout)
        _ = block.write { executable.gradient(into: &$0, dropout: &dropout) }
        return block.array()
    }

    @Test(arguments: cases) func agreesToItsRoundingOnAnyTeam(_ example: Case) throws {
        let problem = try Problem(example.sample, batch: example.batch)
        let wanted = problem.reference()
        for threads in [1, 2, 3] {
            var executable = try problem.executable(threads: threads)
            let found = gradient(&executable)
            #expect(distance(found, wanted.gradient, problem.network.layout) < 5e-5)
            #expect(gradient(&executable) == found)
        }
    }

    @Test(arguments: cases) func itIsWhatIsTested(_ example: Case) throws {
        let problem = try Problem(example.sample, batch: example.batch)
        let rule = LayoutRule(problem.network, .fp32)
        for layer in problem.network.layers {
            guard let convolution = layer.kind as? Convolution,
                let operation = convolution.operation(layer, mode: .training) as? ConvolutionOperation
            else { continue }
            #expect(rule.usesWinograd(operation, batch: example.batch) == rule.hasWideVectors)
            #expect(!rule.usesWinograd(operation, batch: 7))
        }
    }

    @Test func theBiasAndTheReluAreInIt() throws {
        let window = KernelWindow(kernel: 3, padding: 1)
        let problem = try Problem(
            SampleNetworks.Sample(
                name: "rectified", inputShape: [16, 8, 8],
                layers: [
                    .convolution(name: "a", filters: 16, window), .relu, .convolution(name: "b", filters: 16, window),
                    .relu, .globalAveragePool, .dense(name: "end", outputs: 5),
                ]), batch: 8)
        var executable = try problem.executable(mode: .inference)
        executable.evaluate()
        let logits = executable.withLogits { span in span.indices.map { span[$0] } }
        #expect(zip(logits, problem.reference().logits).allSatisfy { abs(Double($0) - $1) < 1e-4 })
    }
}
