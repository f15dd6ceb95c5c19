import Models
import Randomness
import Vectors

@testable import Compute

/// A network with random parameters and a random batch.
struct Problem {
    let network: Network
    var parameters: [Double]
    let images: [Double]
    let labels: [Int]

    init(_ sample: SampleNetworks.Sample, batch: Int, seed: UInt64 = 1) throws {
        self.init(
            try Network(
                name: sample.name, inputShape: sample.inputShape, classes: 5, layers: sample.layers,
                labelSmoothing: sample.labelSmoothing), batch: batch, seed: seed)
    }

    init(_ network: Network, batch: Int, seed: UInt64 = 1) {
        self.network = network
        parameters = network.initialParameters(seed: seed).array().map(Double.init)
        // Norms begin alike in all channels, which would hide a mistake.
        var noise = RandomStream(seed: seed, purpose: .initialization, peer: 1)
        for entry in network.layout.entries where entry.shape.count == 1 {
            for index in entry.range { parameters[index] += Double(Float(noise.uniform(from: -0.3, to: 0.3))) }
        }
        parameters = parameters.map { Double(Float($0)) }
        var stream = RandomStream(seed: seed, purpose: .test)
        // Float32 numbers, so that both sides compute on the same.
        images = (0..<(batch * network.inputShape.reduce(1, *))).map { _ in Double(Float(stream.normal())) }
        labels = (0..<batch).map { _ in stream.integer(below: network.classes) }
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
