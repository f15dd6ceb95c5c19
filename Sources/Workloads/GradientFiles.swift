import Compute
public import Configuration
public import Models
public import Safetensors
import Vectors

/// `murmur gradient` without its command line: from a file of weights and a file with a batch to loss, logits and
/// gradients.
public enum GradientFiles {
    /// What is wrong with a file that is well-formed but does not hold what is asked of it.
    package static func unfit(_ path: String, _ reason: String) -> SafetensorsError {
        SafetensorsError(.malformed, path: path, reason)
    }

    /// The tensors `loss` (1), `logits` (batch, classes) and one gradient for each parameter, under its name.
    ///
    /// Throws a `SafetensorsError` for a bad file, a `ConfigurationError` for an unknown model or one that does not fit
    /// the images.
    public static func gradient(
        model: String, options: Options = Options(), weightsPath: String, batchPath: String,
        precision: Precision = .fp32
    ) throws -> SafetensorsFile {
        let weights = try SafetensorsFile(readingFrom: weightsPath)
        let batch = try Batch(readingFrom: batchPath)
        let network = try network(model, options, weights, weightsPath, inputShape: batch.sampleShape)
        let parameters = try ModelFile.parameters(of: network, in: weights, weightsPath)
        if let index = batch.labels.firstIndex(where: { $0 < 0 || $0 >= Int32(network.classes) }) {
            throw unfit(
                batchPath,
                "label \(batch.labels[index]) of sample \(index) is not from 0 to \(network.classes - 1), the classes "
                    + "of the weights")
        }
        let result = try BatchGradient(
            network, parameters: parameters, images: batch.images, labels: batch.labels, precision: precision)
        var tensors = [
            Tensor(name: "loss", shape: [1], floats: [result.loss]),
            Tensor(name: "logits", shape: [batch.labels.count, network.classes], floats: result.logits),
        ]
        for entry in network.layout.entries {
            tensors.append(Tensor(name: entry.name, shape: entry.shape, floats: result.gradient[entry.range]))
        }
        return SafetensorsFile(tensors: tensors, metadata: ["format": "pt"])
    }

    /// The network with as many classes as its layers or options say, or as the last layer of the weights has outputs.
    private static func network(
        _ model: String, _ options: Options, _ weights: SafetensorsFile, _ path: String, inputShape: [Int]
    ) throws -> Network {
        let draft = try ModelRegistry.network(model, options: options, inputShape: inputShape, classes: nil)
        guard draft.classes == 1, let last = draft.layers.compactMap(\.kind.name).last else { return draft }
        guard let weight = weights["\(last).weight"], let classes = weight.shape.first else {
            throw unfit(path, "there is no tensor '\(last).weight', which model \(model) ends in")
        }
        // As many classes as numbers at the most: an empty tensor may claim any.
        guard weight.count > 0 else {
            throw unfit(path, "tensor '\(last).weight' of shape \(weight.shape) is empty, so the model has no classes")
        }
        return try ModelRegistry.network(model, options: options, inputShape: inputShape, classes: classes)
    }

    /// The tensors `input` (batch, channels, height, width) and `label` (batch) of a file.
    private struct Batch {
        let images: [Float]
        let labels: [Int32]
        let sampleShape: [Int]

        init(readingFrom path: String) throws(SafetensorsError) {
            let file = try SafetensorsFile(readingFrom: path)
            guard let input = file["input"], let label = file["label"] else {
                throw unfit(path, "a batch needs the tensors 'input' and 'label'")
            }
            guard input.shape.count == 4, input.count > 0, let images = input.floats else {
                throw unfit(
                    path,
                    "tensor 'input' is \(input.type.rawValue) of shape \(input.shape), and must be F32 of shape "
                        + "(batch, channels, height, width)")
            }
            guard label.shape == [input.shape[0]] else {
                throw unfit(
                    path, "tensor 'label' has shape \(label.shape), and 'input' has \(input.shape[0]) samples")
            }
            guard let numbers = label.integers ?? label.floats?.map({ Int(exactly: $0) ?? -1 }) else {
                throw unfit(path, "tensor 'label' is \(label.type.rawValue), and must be I64, I32, U8 or F32")
            }
            self.images = images
            // What no Int32 holds is no class either, and is found as such.
            labels = numbers.map { Int32(exactly: $0) ?? -1 }
            sampleShape = Array(input.shape.dropFirst())
        }
    }
}
