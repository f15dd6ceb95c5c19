import Datasets
import Foundation
import Runs
import Safetensors
import Training
import Workloads

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
