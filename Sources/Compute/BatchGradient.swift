public import Models
internal import Randomness
internal import Vectors

/// Loss, logits and gradient of a network on one batch, dropout as the identity: what `murmur gradient` tells.
public struct BatchGradient: Sendable, Hashable {
    /// Mean over the batch.
    public let loss: Float
    /// (batch, classes).
    public let logits: [Float]
    /// In the layout of the network.
    public let gradient: [Float]

    /// Plans for this batch and runs once. `images` is (batch, channels, height, width); labels lie from 0 up to the
    /// number of classes.
    public init(
        _ network: Network, parameters: [Float], images: [Float], labels: [Int32], threads: Int = 1,
        precision: Precision = .fp32
    ) throws(OneDNNError) {
        var executable = try Executable(
            network, batch: labels.count, mode: .trainingWithoutDropout, threads: threads, precision: precision)
        executable.load(parameters.span)
        executable.withInput { imageSpan, labelSpan in
            precondition(
                imageSpan.count == images.count,
                "\(labels.count) images need \(imageSpan.count) numbers, and \(images.count) are given")
            for index in images.indices { imageSpan[index] = images[index] }
            for index in labels.indices { labelSpan[index] = labels[index] }
        }
        var block = FlatVector(count: network.layout.count)
        var dropout = RandomStream(seed: 0, purpose: .dropout)
        loss = block.write { executable.gradient(into: &$0, dropout: &dropout).loss }
        logits = executable.withLogits { span in span.indices.map { span[$0] } }
        gradient = block.array()
    }
}
