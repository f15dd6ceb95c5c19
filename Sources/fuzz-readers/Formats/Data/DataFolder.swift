import Datasets
import Experiments
import Runs

/// The files of a data set, all of which are well but one that is tried.
struct DataFolder {
    private let folder: String
    private let experiment: LoadedExperiment

    /// - Parameter file: The file to read where the data set is a file, not a folder.
    init(of name: String, in folder: String, file: String = "", _ files: [String: [UInt8]] = [:]) throws {
        self.folder = folder
        experiment = try loaded([
            "data.name=\(name)", "data.path=\(folder)/\(file)", "model.name=softmax", "peers=1", "batch=1",
        ])
        for (name, bytes) in files { try write(bytes, to: "\(folder)/\(name)") }
    }

    /// Reads the data set as `train` does before its first step, with these bytes in the file of that name.
    func read(_ bytes: [UInt8], as name: String) throws {
        try write(bytes, to: "\(folder)/\(name)")
        _ = try TrainingPlan(experiment, places: .none)
    }
}

extension DataPlaces {
    /// Nowhere but where a data set is said to be.
    static var none: DataPlaces { DataPlaces(collection: nil, home: nil) }
}
