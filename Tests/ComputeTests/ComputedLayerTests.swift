import Models
import Testing

@testable import Compute

@Suite struct ComputedLayerTests {
    private func operations(_ layers: [Layer], mode: Mode = .training) throws -> [any Operation] {
        let network = try Network(
            name: "n", inputShape: [1, 8, 8], classes: 4, layers: layers + [.flatten, .dense(name: "end", outputs: 4)])
        return network.layers.operations(mode: mode).dropLast(2)
    }

    @Test func reluJoinsThePoolingBehindIt() throws {
        let found = try operations([
            .convolution(name: "a", filters: 2, KernelWindow(kernel: 3)), .relu,
            .maxPool(KernelWindow(kernel: 2, stride: 2)),
        ])
        try #require(found.count == 2)
        let convolution = try #require(found[0] as? ConvolutionOperation)
        #expect(!convolution.isRectified)
        let pooling = try #require(found[1] as? MaxPoolOperation)
        #expect(pooling.isRectified && pooling.window == KernelWindow(kernel: 2, stride: 2))
    }

    @Test func reluJoinsTheConvolutionBeforeItWhereNoPoolingFollows() throws {
        let found = try operations([.convolution(name: "a", filters: 2, KernelWindow(kernel: 3)), .relu, .sigmoid])
        try #require(found.count == 2)
        let convolution = try #require(found[0] as? ConvolutionOperation)
        #expect(convolution.isRectified)
        #expect((found[1] as? ActivationOperation)?.activation == .sigmoid)
    }

    /// The backward pass of a norm knows one ReLU; a second one, which changes nothing, stays an operation of its own.
    @Test func onlyOneReluJoinsANorm() throws {
        let found = try operations([.batchNorm(name: "a"), .relu, .relu])
        try #require(found.count == 2)
        #expect((found[0] as? NormOperation)?.isRectified == true)
        #expect((found[1] as? ActivationOperation)?.activation == .relu)
    }

    @Test func dropoutIsThereInTrainingOnly() throws {
        let layers: [Layer] = [.dropout(probability: 0.5), .tanh]
        #expect(try operations(layers).count == 2)
        for mode in [Mode.trainingWithoutDropout, .statistics, .inference] {
            let found = try operations(layers, mode: mode)
            #expect(found.count == 1 && found[0] is ActivationOperation)
        }
    }
}
