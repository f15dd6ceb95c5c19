package import Experiments
package import Models
import Records
package import Safetensors
package import Vectors

/// A trained model as a safetensors file: a tensor for each parameter under PyTorch's name, and the experiment that it
/// came from in the metadata.
public enum ModelFile {
    package static let experimentKey = "murmur.experiment"

    /// Writes the parameters of a run's model and the statistics of its batch-norms, whole or not at all. Throws an
    /// `OutputError` when the file cannot be written.
    package static func write(
        _ model: Payload, of workload: any Workload, _ experiment: Experiment, to path: String
    ) throws {
        var statistics: [Tensor] = []
        if let network = (workload.undivided as? NetworkWorkload)?.network {
            statistics = statisticsTensors(of: network, try workload.statistics(of: model))
        }
        try write(model.array(), statistics, of: workload, experiment, to: path)
    }

    /// Writes what a peer of a run would start from, parameters and statistics, to the bit; whole or not at all.
    package static func write(
        startOf peer: Int, _ workload: any Workload, _ experiment: Experiment, to path: String
    ) throws {
        var statistics: [Tensor] = []
        // Peers who have one model together begin with the one that a single peer would have.
        let (whole, peer) = (workload.undivided, workload.division == nil ? peer : 0)
        if let workload = whole as? NetworkWorkload {
            statistics = statisticsTensors(of: workload.network, workload.initialStatistics, batches: 0)
        }
        try write(whole.initialModel(of: peer).array(), statistics, of: workload, experiment, to: path)
    }

    private static func write(
        _ numbers: [Float], _ statistics: [Tensor], of workload: any Workload, _ experiment: Experiment, to path: String
    ) throws {
        let parameters = workload.layout.entries.map { entry in
            Tensor(name: entry.name, shape: entry.shape, floats: numbers[entry.range])
        }
        // transformers and others ask for the format's name.
        let metadata = ["format": "pt", experimentKey: experiment.yaml]
        try SafetensorsFile(tensors: parameters + statistics, metadata: metadata).write(to: path)
    }

    /// The statistics as PyTorch's state dictionaries hold them: running means, running variances and over how many
    /// batches they go.
    package static func statisticsTensors(
        of network: Network, _ statistics: [Float], batches: Int = BatchStatistics.batchCount
    ) -> [Tensor] {
        var tensors: [Tensor] = []
        for entry in network.statistics.entries {
            tensors.append(Tensor(name: entry.name, shape: entry.shape, floats: statistics[entry.range]))
            let suffix = ".running_var"
            guard entry.name.hasSuffix(suffix) else { continue }
            let count = UInt64(batches)
            tensors.append(
                Tensor(
                    name: entry.name.dropLast(suffix.count) + ".num_batches_tracked", type: .int64, shape: [],
                    bytes: (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }))
        }
        return tensors
    }

    /// The parameters of a network in the order of its layout; throws when the file lacks one or has it in another
    /// shape.
    package static func parameters(
        of network: Network, in file: SafetensorsFile, _ path: String
    ) throws(SafetensorsError) -> [Float] {
        var numbers: [Float] = []
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
            numbers += floats
        }
        return numbers
    }
}
