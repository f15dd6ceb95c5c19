internal import Models
public import Safetensors
public import Vectors

/// A trained model as a safetensors file: a tensor for each parameter under PyTorch's name, and the experiment that it
/// came from in the metadata.
public enum ModelFile {
    static let experimentKey = "murmur.experiment"

    /// Writes the parameters of a run's model, whole or not at all.
    public static func write(_ model: Payload, of plan: TrainingPlan, to path: String) throws(SafetensorsError) {
        let numbers = model.array()
        let tensors = plan.layout.entries.map { entry in
            Tensor(name: entry.name, shape: entry.shape, floats: numbers[entry.range])
        }
        // transformers and others ask for the format's name.
        let metadata = ["format": "pt", experimentKey: plan.experiment.yaml]
        try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: path)
    }

    /// The parameters of a network in the order of its layout; throws when the file lacks one or has it in another
    /// shape.
    static func parameters(
        of network: Network, in file: SafetensorsFile, _ path: String
    ) throws(SafetensorsError) -> [Float] {
        var parameters: [Float] = []
        for entry in network.layout.entries {
            guard let tensor = file[entry.name] else {
                throw SafetensorsError(
                    .malformed, path: path, "there is no tensor '\(entry.name)', which model \(network.name) needs")
            }
            guard tensor.shape == entry.shape, let floats = tensor.floats else {
                throw SafetensorsError(
                    .malformed, path: path,
                    "tensor '\(entry.name)' is \(tensor.type.rawValue) of shape \(tensor.shape), and model "
                        + "\(network.name) needs F32 of shape \(entry.shape)")
            }
            parameters += floats
        }
        return parameters
    }
}
