import Models
import Testing

@testable import Compute

@Suite struct LoweringTests {
    private func operations(_ layers: [Layer], dropsOut: Bool = true) throws -> [Operation] {
        let network = try Network(
            name: "n", inputShape: [1, 8, 8], classes: 4, layers: layers + [.flatten, .dense(name: "end", outputs: 4)])
        return Stage.lowering(network, dropsOut: dropsOut).dropLast(2).map(\.operation)
    }

    @Test func reluJoinsThePoolingBehindIt() throws {
        let found = try operations([
            .convolution(name: "a", filters: 2, Window(kernel: 3)), .relu, .maxPool(Window(kernel: 2, stride: 2)),
        ])
        try #require(found.count == 2)
        guard case .convolution(let affine, _) = found[0] else { return #expect(Bool(false)) }
        #expect(!affine.rectified)
        #expect(found[1] == .maxPool(Window(kernel: 2, stride: 2), rectified: true))
    }

    @Test func reluJoinsTheConvolutionBeforeItWhereNoPoolingFollows() throws {
        let found = try operations([.convolution(name: "a", filters: 2, Window(kernel: 3)), .relu, .sigmoid])
        try #require(found.count == 2)
        guard case .convolution(let affine, _) = found[0] else { return #expect(Bool(false)) }
        #expect(affine.rectified)
        #expect(found[1] == .activation(.sigmoid))
    }

    @Test func dropoutIsThereInTrainingOnly() throws {
        let layers: [Layer] = [.dropout(probability: 0.5), .tanh]
        #expect(try operations(layers).count == 2)
        #expect(try operations(layers, dropsOut: false) == [.activation(.tanh)])
    }
}
