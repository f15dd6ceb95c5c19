import Models
import Randomness
import Testing
import Vectors

@testable import Compute

/// Small networks that between them hold every layer, in every layout that the planner knows.
enum SampleNetworks {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let inputShape: [Int]
        let layers: [Layer]
        /// How far gradients may be from the reference. Norms over few numbers make rounding errors larger.
        var tolerance: Double { layers.flatMap(\.all).contains { isNorm($0) } ? 1e-4 : 2e-5 }
        var testDescription: String { name }
    }

    private static func isNorm(_ layer: Layer) -> Bool {
        switch layer {
        case .batchNorm, .groupNorm: true
        default: false
        }
    }

    private static let halving = Window(kernel: 2, stride: 2)
    private static let end: [Layer] = [.flatten, .dense(name: "end", outputs: 5)]

    static let all = [
        Sample(
            name: "dense without bias", inputShape: [1, 3, 4],
            layers: [.flatten, .dense(name: "end", outputs: 5, bias: false)]),
        Sample(
            name: "dense layers with each activation", inputShape: [1, 4, 4],
            layers: [
                .flatten, .dense(name: "a", outputs: 7), .relu, .dense(name: "b", outputs: 6), .sigmoid,
                .dense(name: "c", outputs: 9, bias: false), .relu, .dense(name: "d", outputs: 8), .tanh,
            ] + [.dense(name: "end", outputs: 5)]),
        Sample(
            name: "activation and dropout on the images", inputShape: [1, 4, 5],
            layers: [
                .tanh, .flatten, .dropout(probability: 0.4), .dense(name: "a", outputs: 12), .relu,
                .dropout(probability: 0.3), .dense(name: "end", outputs: 5),
            ]),
        Sample(
            name: "blocks, routed gradients of both kinds", inputShape: [1, 12, 14],
            layers: [
                .convolution(name: "a", filters: 16, Window(kernel: 3, padding: 1)), .relu, .maxPool(halving),
                .convolution(name: "b", filters: 48, Window(kernel: 3, padding: 1)), .relu, .maxPool(halving),
            ] + end),
        Sample(
            name: "blocks, three input channels, odd image, three blocks of channels", inputShape: [3, 11, 9],
            layers: [
                .convolution(name: "a", filters: 48, Window(kernel: 3)), .relu, .maxPool(halving),
                .convolution(name: "b", filters: 16, Window(kernel: 3, padding: 1), bias: false), .relu,
                .maxPool(halving),
            ] + end),
        Sample(
            name: "blocks, convolutions with stride, ReLU in the convolution", inputShape: [16, 9, 9],
            layers: [
                .convolution(name: "a", filters: 16, Window(kernel: 5, stride: 2, padding: 2)), .relu,
                .convolution(name: "b", filters: 32, Window(kernel: 1)), .relu,
                .convolution(name: "c", filters: 16, Window(kernel: 3)), .sigmoid,
            ] + end),
        Sample(
            name: "channels last, lenet-like", inputShape: [3, 14, 14],
            layers: [
                .convolution(name: "a", filters: 6, Window(kernel: 5, padding: 2)), .relu, .maxPool(halving),
                .convolution(name: "b", filters: 20, Window(kernel: 3), bias: false), .relu, .maxPool(halving),
            ] + end),
        Sample(
            name: "overlapping max-pooling with padding", inputShape: [1, 8, 9],
            layers: [
                .convolution(name: "a", filters: 32, Window(kernel: 3, padding: 1)),
                .maxPool(Window(kernel: 3, stride: 2, padding: 1)), .tanh,
                .convolution(name: "b", filters: 16, Window(kernel: 3, padding: 1)), .relu,
                .maxPool(Window(kernel: 3, stride: 1)),
            ] + end),
        Sample(
            name: "average pooling, with and without padding", inputShape: [2, 9, 8],
            layers: [
                .averagePool(Window(kernel: 3, stride: 2, padding: 1)),
                .convolution(name: "a", filters: 16, Window(kernel: 3, padding: 1)), .tanh, .averagePool(halving),
            ] + end),
        Sample(
            name: "blocks, batch-norms and residual blocks of each kind", inputShape: [3, 9, 8],
            layers: [
                .convolution(name: "conv1", filters: 16, Window(kernel: 3, padding: 1), bias: false),
                .batchNorm(name: "bn1"), .relu,
                .residual(
                    body: [
                        .convolution(name: "a", filters: 16, Window(kernel: 3, padding: 1), bias: false),
                        .batchNorm(name: "na"), .relu,
                        .convolution(name: "b", filters: 16, Window(kernel: 3, padding: 1), bias: false),
                        .batchNorm(name: "nb"),
                    ], shortcut: []), .relu,
                .residual(
                    body: [
                        .convolution(name: "c", filters: 32, Window(kernel: 3, stride: 2, padding: 1), bias: false),
                        .batchNorm(name: "nc", initialScale: 0.5),
                    ],
                    shortcut: [
                        .convolution(name: "d", filters: 32, Window(kernel: 1, stride: 2), bias: false),
                        .batchNorm(name: "nd"),
                    ]), .relu,
                .residual(body: [.batchNorm(name: "ne"), .relu], shortcut: [.tanh]), .relu,
                .residual(body: [], shortcut: [.batchNorm(name: "nf")]), .globalAveragePool,
            ] + [.dense(name: "end", outputs: 5)]),
        Sample(
            name: "norms of flat values", inputShape: [1, 4, 4],
            layers: [
                .flatten, .dense(name: "a", outputs: 18), .batchNorm(name: "na"), .relu, .dense(name: "b", outputs: 6),
                .groupNorm(name: "nb", groups: 2), .dense(name: "end", outputs: 5),
            ]),
        Sample(
            name: "norms over groups, channels last", inputShape: [2, 7, 6],
            layers: [
                .groupNorm(name: "n", groups: 1), .convolution(name: "a", filters: 20, Window(kernel: 3, padding: 1)),
                .groupNorm(name: "na", groups: 5), .relu,
                .residual(
                    body: [
                        .convolution(name: "b", filters: 20, Window(kernel: 3, padding: 1)),
                        .groupNorm(name: "nb", groups: 2),
                    ], shortcut: []),
                .batchNorm(name: "nc"), .tanh, .globalAveragePool, .dense(name: "end", outputs: 5),
            ]),
        Sample(
            name: "residual blocks that nest, begin in place and drop out", inputShape: [3, 6, 6],
            layers: [
                .batchNorm(name: "n"), .maxPool(halving), .flatten, .dense(name: "a", outputs: 8),
                .residual(
                    body: [
                        .relu, .dropout(probability: 0.3),
                        .residual(body: [.sigmoid, .dense(name: "b", outputs: 8)], shortcut: []),
                        .residual(body: [], shortcut: []),
                    ], shortcut: [.tanh]),
                .residual(body: [.dense(name: "c", outputs: 8), .relu], shortcut: []),
                .dense(name: "end", outputs: 5),
            ]),
        Sample(
            name: "pooling of the images, plain", inputShape: [2, 8, 8],
            layers: [.maxPool(halving), .convolution(name: "a", filters: 5, Window(kernel: 3)), .relu] + end),
    ]
}

/// A network with random parameters and a random batch.
struct Problem {
    let network: Network
    var parameters: [Double]
    let images: [Double]
    let labels: [Int]

    init(_ sample: SampleNetworks.Sample, batch: Int, seed: UInt64 = 1) throws {
        network = try Network(name: sample.name, inputShape: sample.inputShape, classes: 5, layers: sample.layers)
        parameters = network.initialParameters(seed: seed).array().map(Double.init)
        // Norms begin alike in all channels, which would hide a mistake.
        var noise = RandomStream(seed: seed, purpose: .initialization, peer: 1)
        for entry in network.layout.entries where entry.shape.count == 1 {
            for index in entry.range { parameters[index] += Double(Float(noise.uniform(from: -0.3, to: 0.3))) }
        }
        parameters = parameters.map { Double(Float($0)) }
        var stream = RandomStream(seed: seed, purpose: .test)
        // Float32 numbers, so that both sides compute on the same.
        images = (0..<(batch * sample.inputShape.reduce(1, *))).map { _ in Double(Float(stream.normal())) }
        labels = (0..<batch).map { _ in stream.integer(below: 5) }
    }

    func reference(dropout: RandomStream? = nil, statistics: [Float]? = nil) -> ReferenceNetwork.Result {
        ReferenceNetwork(network: network, parameters: parameters).run(
            images: images, labels: labels, dropout: dropout, statistics: statistics?.map(Double.init))
    }

    /// An executable with the parameters and the batch loaded.
    func executable(mode: Mode = .training, threads: Int = 1) throws -> Executable {
        var executable = try Executable(network, batch: labels.count, mode: mode, threads: threads)
        let block = FlatVector(parameters.map { Float($0) })
        block.read { executable.load($0) }
        executable.withInput { imageSpan, labelSpan in
            for index in images.indices { imageSpan[index] = Float(images[index]) }
            for index in labels.indices { labelSpan[index] = Int32(labels[index]) }
        }
        return executable
    }
}

/// The largest distance between the tensors of two gradients, relative to the tensor's norm or to a thousandth of the
/// largest tensor's, as the acceptance of `murmur gradient` measures it.
func distance(_ found: [Float], _ wanted: [Double], _ layout: VectorLayout) -> Double {
    func norm(_ values: some Sequence<Double>) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let floor = 1e-3 * (layout.entries.map { norm(wanted[$0.range]) }.max() ?? 0)
    return layout.entries.map { entry in
        norm(zip(found[entry.range], wanted[entry.range]).map { Double($0) - $1 })
            / max(norm(wanted[entry.range]), floor)
    }.max() ?? 0
}
