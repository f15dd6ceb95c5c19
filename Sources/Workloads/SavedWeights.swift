import Configuration
package import Models
package import Safetensors
import Vectors

/// The weights of a network as PyTorch saves them, from a file that anybody may have written: other types of numbers
/// are rounded to float32, and every difference between the file and the network is named.
package struct SavedWeights {
    /// In the order of the network's layout.
    package let parameters: [Float]
    /// The running mean and variance of each batch-norm in the order of `Network.statistics`; nil where the file has
    /// none at all.
    package let statistics: [Float]?

    /// Throws where the file is not of this network.
    package init(of network: Network, in file: SafetensorsFile, _ path: String) throws(SafetensorsError) {
        let tensors = Dictionary(file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let hasStatistics = network.statistics.entries.contains { tensors[$0.name] != nil }
        let wanted = network.layout.entries + (hasStatistics ? network.statistics.entries : [])
        let names = Set(wanted.map(\.name))
        let missing = wanted.map(\.name).filter { tensors[$0] == nil }
        // How many batches PyTorch's batch-norms have seen is of no use here.
        let superfluous = tensors.keys.filter { !names.contains($0) && !$0.hasSuffix("num_batches_tracked") }.sorted()
        let misshapen = wanted.compactMap { entry -> String? in
            guard let tensor = tensors[entry.name], tensor.shape != entry.shape else { return nil }
            return "\(entry.name) is \(tensor.shape) and ought to be \(entry.shape)"
        }
        let faults =
            Self.clause("lacks", missing) + Self.clause("has beyond the network", superfluous)
            + Self.clause("has another shape, where", misshapen)
        guard faults.isEmpty else {
            throw SafetensorsError(
                .malformed, path: path,
                "not the weights of model \(network.name): the file \(faults.joined(separator: "; it ")); save those "
                    + "of the same network")
        }
        parameters = try Self.numbers(network.layout, tensors, path)
        statistics = hasStatistics ? try Self.numbers(network.statistics, tensors, path) : nil
    }

    /// The first few of what is amiss in one way, and how many more there are.
    private static func clause(_ verb: String, _ items: [String]) -> [String] {
        guard !items.isEmpty else { return [] }
        let shown = items.prefix(3).map { excerpt($0) }.joined(separator: ", ")
        return [verb + " " + shown + (items.count > 3 ? " and \(items.count - 3) more" : "")]
    }

    private static func numbers(
        _ layout: VectorLayout, _ tensors: [String: Tensor], _ path: String
    ) throws(SafetensorsError) -> [Float] {
        var numbers: [Float] = []
        numbers.reserveCapacity(layout.count)
        for entry in layout.entries {
            guard let tensor = tensors[entry.name], let floats = tensor.roundedFloats else {
                throw SafetensorsError(
                    .malformed, path: path,
                    "tensor '\(entry.name)' is \(tensors[entry.name]?.type.rawValue ?? "none"), and weights are F32, "
                        + "F64, F16 or BF16")
            }
            guard floats.allSatisfy(\.isFinite) else {
                throw SafetensorsError(
                    .malformed, path: path,
                    "tensor '\(entry.name)' holds a number that is not finite in float32; save weights that are")
            }
            numbers += floats
        }
        return numbers
    }
}
