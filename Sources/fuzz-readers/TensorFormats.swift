import Datasets
import Foundation
import Safetensors
import Training

/// Weights and a batch, as `gradient` reads them.
struct TensorFormat: FuzzFormat {
    static let name = "safetensors"

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

/// A model that `train` has written, as `evaluate` reads it: tensors, and the experiment in the metadata.
struct ModelFormat: FuzzFormat {
    static let name = "model"

    private var files: FileSet

    init(in folder: String) throws {
        let plan = try TrainingPlan(loaded(SmallRun.settings), places: SmallRun.places)
        try ModelFile.write(TrainingRun(plan, metrics: nil).run().model, of: plan, to: "\(folder)/written")
        files = FileSet(in: folder)
        try files.add("model", [UInt8](Data(contentsOf: URL(filePath: "\(folder)/written"))), .tensors)
        _ = try SavedModelTest(path: "\(folder)/model", data: nil, places: SmallRun.places)
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        _ = try SavedModelTest(path: "\(files.folder)/model", data: nil, places: SmallRun.places)
    }
}

/// A run that takes a moment.
enum SmallRun {
    static let places = DataPlaces(collection: nil, home: nil)
    static let settings = [
        "data.name=synthetic", "data.samples=40", "data.size=4", "data.classes=3", "model.name=softmax", "batch=5",
        "peers=2", "epochs=1",
    ]
}
