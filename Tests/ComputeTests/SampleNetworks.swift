import Models
import Testing

/// Small networks that between them hold every layer, in every layout that the planner knows.
enum SampleNetworks {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let inputShape: [Int]
        let layers: [Layer]
        var labelSmoothing = 0.0
        /// How far gradients may be from the reference. Norms over few numbers make rounding errors larger.
        var tolerance: Double { layers.contains(where: Self.holdsNorm) ? 1e-4 : 2e-5 }
        var testDescription: String { name }

        private static func holdsNorm(_ layer: Layer) -> Bool {
            if let residual = layer.kind as? Residual {
                return (residual.body + residual.shortcut).contains(where: holdsNorm)
            }
            return layer.kind is Norm || layer.kind is EvoNorm
        }
    }

    private static let halving = KernelWindow(kernel: 2, stride: 2)
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
            name: "blocks, gradients through max-pooling of both kinds", inputShape: [1, 12, 14],
            layers: [
                .convolution(name: "a", filters: 16, KernelWindow(kernel: 3, padding: 1)), .relu, .maxPool(halving),
                .convolution(name: "b", filters: 48, KernelWindow(kernel: 3, padding: 1)), .relu, .maxPool(halving),
            ] + end),
        Sample(
            name: "blocks, three input channels, odd image, three blocks of channels", inputShape: [3, 11, 9],
            layers: [
                .convolution(name: "a", filters: 48, KernelWindow(kernel: 3)), .relu, .maxPool(halving),
                .convolution(name: "b", filters: 16, KernelWindow(kernel: 3, padding: 1), bias: false), .relu,
                .maxPool(halving),
            ] + end),
        Sample(
            name: "blocks, convolutions with stride, ReLU in the convolution", inputShape: [16, 9, 9],
            layers: [
                .convolution(name: "a", filters: 16, KernelWindow(kernel: 5, stride: 2, padding: 2)), .relu,
                .convolution(name: "b", filters: 32, KernelWindow(kernel: 1)), .relu,
                .convolution(name: "c", filters: 16, KernelWindow(kernel: 3)), .sigmoid,
            ] + end),
        Sample(
            name: "channels last, lenet-like", inputShape: [3, 14, 14],
            layers: [
                .convolution(name: "a", filters: 6, KernelWindow(kernel: 5, padding: 2)), .relu, .maxPool(halving),
                .convolution(name: "b", filters: 20, KernelWindow(kernel: 3), bias: false), .relu, .maxPool(halving),
            ] + end),
        Sample(
            name: "channels last, a strided convolution of single pixels on fewer channels than a vector has",
            inputShape: [4, 32, 32],
            layers: [
                .convolution(name: "a", filters: 8, KernelWindow(kernel: 1, stride: 2)), .relu, .globalAveragePool,
            ] + end),
        Sample(
            name: "overlapping max-pooling with padding", inputShape: [1, 8, 9],
            layers: [
                .convolution(name: "a", filters: 32, KernelWindow(kernel: 3, padding: 1)),
                .maxPool(KernelWindow(kernel: 3, stride: 2, padding: 1)), .tanh,
                .convolution(name: "b", filters: 16, KernelWindow(kernel: 3, padding: 1)), .relu,
                .maxPool(KernelWindow(kernel: 3, stride: 1)),
            ] + end),
        Sample(
            name: "average pooling, with and without padding", inputShape: [2, 9, 8],
            layers: [
                .averagePool(KernelWindow(kernel: 3, stride: 2, padding: 1)),
                .convolution(name: "a", filters: 16, KernelWindow(kernel: 3, padding: 1)), .tanh, .averagePool(halving),
            ] + end),
        Sample(
            name: "blocks, batch-norms and residual blocks of each kind", inputShape: [3, 9, 8],
            layers: [
                .convolution(name: "conv1", filters: 16, KernelWindow(kernel: 3, padding: 1), bias: false),
                .batchNorm(name: "bn1"), .relu,
                .residual(
                    body: [
                        .convolution(name: "a", filters: 16, KernelWindow(kernel: 3, padding: 1), bias: false),
                        .batchNorm(name: "na"), .relu,
                        .convolution(name: "b", filters: 16, KernelWindow(kernel: 3, padding: 1), bias: false),
                        .batchNorm(name: "nb"),
                    ], shortcut: []), .relu,
                .residual(
                    body: [
                        .convolution(
                            name: "c", filters: 32, KernelWindow(kernel: 3, stride: 2, padding: 1), bias: false),
                        .batchNorm(name: "nc", initialScale: 0.5),
                    ],
                    shortcut: [
                        .convolution(name: "d", filters: 32, KernelWindow(kernel: 1, stride: 2), bias: false),
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
                .groupNorm(name: "n", groups: 1),
                .convolution(name: "a", filters: 20, KernelWindow(kernel: 3, padding: 1)),
                .groupNorm(name: "na", groups: 5), .relu,
                .residual(
                    body: [
                        .convolution(name: "b", filters: 20, KernelWindow(kernel: 3, padding: 1)),
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
            name: "EvoNorm in blocks, over a stem of stride 2 and overlapping max-pooling", inputShape: [3, 9, 8],
            layers: [
                .convolution(name: "conv1", filters: 16, KernelWindow(kernel: 7, stride: 2, padding: 3), bias: false),
                .evoNorm(name: "n", groups: 4), .maxPool(KernelWindow(kernel: 3, stride: 2, padding: 1)),
                .residual(
                    body: [
                        .convolution(name: "a", filters: 16, KernelWindow(kernel: 1), bias: false),
                        .evoNorm(name: "na", groups: 8),
                        .convolution(name: "b", filters: 16, KernelWindow(kernel: 3, padding: 1), bias: false),
                        .evoNorm(name: "nb", groups: 2, isActivated: false, initialScale: 0.5),
                    ], shortcut: []), .relu,
                .evoNorm(name: "nc", groups: 1), .residual(body: [.evoNorm(name: "nd", groups: 16)], shortcut: []),
                .globalAveragePool, .dense(name: "end", outputs: 5),
            ]),
        Sample(
            name: "EvoNorm on the images, channels last, on flat values, and label smoothing", inputShape: [2, 7, 6],
            layers: [
                .evoNorm(name: "n", groups: 2),
                .convolution(name: "a", filters: 20, KernelWindow(kernel: 3, padding: 1)),
                .evoNorm(name: "na", groups: 5), .evoNorm(name: "nb", groups: 1, isActivated: false),
                .globalAveragePool, .dense(name: "b", outputs: 12), .evoNorm(name: "nc", groups: 3),
                .dense(name: "end", outputs: 5),
            ], labelSmoothing: 0.2),
        Sample(
            name: "logarithms of sigmoids as logits, and label smoothing", inputShape: [1, 3, 5],
            layers: [
                .flatten, .dense(name: "a", outputs: 6), .logSigmoid, .dense(name: "end", outputs: 5), .logSigmoid,
            ], labelSmoothing: 0.1),
        Sample(
            name: "pooling of the images, plain", inputShape: [2, 8, 8],
            layers: [.maxPool(halving), .convolution(name: "a", filters: 5, KernelWindow(kernel: 3)), .relu] + end),
        Sample(
            name: "activations one behind the other", inputShape: [1, 4, 5],
            layers: [
                .flatten, .dense(name: "a", outputs: 12), .tanh, .sigmoid, .dropout(probability: 0.3), .relu,
                .dense(name: "end", outputs: 5),
            ]),
        Sample(
            name: "dropout on images in blocks", inputShape: [3, 6, 7],
            layers: [
                .convolution(name: "a", filters: 32, KernelWindow(kernel: 3, padding: 1)), .tanh,
                .dropout(probability: 0.3), .averagePool(halving), .dropout(probability: 0.2),
            ] + end),
        Sample(
            name: "dropout on images, channels last", inputShape: [2, 5, 6],
            layers: [
                .dropout(probability: 0.1), .convolution(name: "a", filters: 7, KernelWindow(kernel: 3, padding: 1)),
                .tanh, .dropout(probability: 0.3), .globalAveragePool, .dense(name: "end", outputs: 5),
            ]),
    ]
}
