import Datasets
import Foundation
import Safetensors
import Training
import Workloads

/// Weights and a batch, as `gradient` reads them.
struct GradientFormat: FuzzFormat {
    static let name = "gradient"

    private var files: FileSet

    init(in folder: String) throws {
        files = FileSet(in: folder)
        func tensor(_ name: String, _ shape: [Int]) -> Tensor {
            Tensor(name: name, shape: shape, floats: (0..<shape.reduce(1, *)).map { Float($0 % 7) / 7 })
        }
        let weights = SafetensorsFile(
            tensors: [tensor("fc.weight", [3, 16]), tensor("fc.bias", [3])], metadata: ["format": "pt"])
        let batch = SafetensorsFile(tensors: [
            tensor("input", [2, 1, 4, 4]), Tensor(name: "label", shape: [2], words: [0, 2]),
        ])
        try files.add("weights", weights.encoded(), .tensors)
        try files.add("batch", batch.encoded(), .tensors)
        _ = try GradientFiles.gradient(
            model: "softmax", weightsPath: "\(folder)/weights", batchPath: "\(folder)/batch")
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        let folder = files.folder
        _ = try GradientFiles.gradient(
            model: "softmax", weightsPath: "\(folder)/weights", batchPath: "\(folder)/batch")
    }
}
