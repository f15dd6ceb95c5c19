internal import Models
internal import Safetensors
public import Vectors

/// A trained model as a safetensors file: a tensor for each parameter under PyTorch's name, and the experiment that it
/// came from in the metadata.
public enum ModelFile {
    static let experimentKey = "murmur.experiment"

    /// Writes the parameters of a run's model and the statistics of its batch-norms, whole or not at all. Throws an
    /// `OutputError` when the file cannot be written.
    public static func write(_ model: Payload, of plan: TrainingPlan, to path: String) throws {
        let numbers = model.array()
        var tensors = plan.layout.entries.map { entry in
            Tensor(name: entry.name, shape: entry.shape, floats: numbers[entry.range])
        }
        if let network = (plan.workload as? NetworkWorkload)?.network {
            tensors += statisticsTensors(of: network, try plan.workload.statistics(of: model))
        }
        // transformers and others ask for the format's name.
        let metadata = ["format": "pt", experimentKey: plan.experiment.yaml]
        try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: path)
    }

    /// Writes the models of a run into its folder: the evaluated one as `model.safetensors`, and each learner's that is
    /// kept as `model-peer-N.safetensors`.
    public static func write(
        _ model: Payload, peers: [Payload?], of plan: TrainingPlan, in folder: RunFolder
    ) throws {
        try write(model, of: plan, to: folder.file("model.safetensors"))
        for case (let peer, let model?) in peers.enumerated() {
            try write(model, of: plan, to: folder.file("model-peer-\(peer).safetensors"))
        }
    }

    /// The statistics as PyTorch's state dictionaries hold them: running means, running variances and over how many
    /// batches they go.
    static func statisticsTensors(of network: Network, _ statistics: [Float]) -> [Tensor] {
        var tensors: [Tensor] = []
        for entry in network.statistics.entries {
            tensors.append(Tensor(name: entry.name, shape: entry.shape, floats: statistics[entry.range]))
            let suffix = ".running_var"
            guard entry.name.hasSuffix(suffix) else { continue }
            let count = UInt64(BatchStatistics.batchCount)
            tensors.append(
                Tensor(
                    name: entry.name.dropLast(suffix.count) + ".num_batches_tracked", type: .int64, shape: [],
                    bytes: (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }))
        }
        return tensors
    }

    /// The parameters of a network in the order of its layout; throws when the file lacks one or has it in another
    /// shape.
    static func parameters(
        of network: Network, in file: SafetensorsFile, _ path: String
    ) throws(SafetensorsError) -> [Float] {
        try numbers(network.layout, of: network, in: file, path)
    }

    /// The statistics of a network's batch-norms in the order of their layout; throws as `parameters` does.
    static func statistics(
        of network: Network, in file: SafetensorsFile, _ path: String
    ) throws(SafetensorsError) -> [Float] {
        try numbers(network.statistics, of: network, in: file, path)
    }

    private static func numbers(
        _ layout: VectorLayout, of network: Network, in file: SafetensorsFile, _ path: String
    ) throws(SafetensorsError) -> [Float] {
        var numbers: [Float] = []
        for entry in layout.entries {
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
            numbers += floats
        }
        return numbers
    }
}
