import Compute
import Configuration
public import Datasets
import Experiments
internal import Foundation
import Models
import Safetensors
import Vectors

/// How a saved model does on the test samples of a data set: `murmur evaluate` without its command line.
public struct SavedModelTest: Sendable, Hashable {
    /// The model by the name in its experiment.
    public let model: String
    /// The name of the data set that it was tested on.
    public let data: String
    /// How many test samples there were.
    public let samples: Int
    /// The share of samples that the model classifies right, from 0 to 1; nil for a model without accuracy.
    public let accuracy: Double?
    /// Mean over the samples.
    public let loss: Double

    /// Tests the model in a file that `train` wrote, or in the folder of its run.
    ///
    /// - Parameters:
    ///   - path: The file or folder.
    ///   - data: The data set to test on; nil for the one that the model was trained on.
    ///   - dataPath: The folder of its files; nil for that of the training, or the usual places of another data set.
    ///
    /// Throws `SafetensorsError` for a bad file, `DataError` for bad data, `ExperimentError` or `ConfigurationError`
    /// when the model does not fit the data.
    public init(path: String, data: String?, dataPath: String? = nil, places: DataPlaces) throws {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let path = exists && isFolder.boolValue ? "\(path)/model.safetensors" : path
        let file = try SafetensorsFile(readingFrom: path)
        guard let yaml = file.metadata[ModelFile.experimentKey] else {
            throw SafetensorsError(
                .malformed, path: path,
                "the file does not say which model it holds; it needs one that murmur train wrote")
        }
        let loaded = try Self.experiment(yaml, of: path, data: data, dataPath: dataPath)
        let experiment = loaded.experiment
        do {
            guard experiment.workloadKind.readsData else {
                throw ConfigurationError(
                    key: "model.name",
                    "the \(experiment.model.name) has no samples to be tested on; its run's summary has its loss")
            }
            let dataset = try NetworkWorkload.testSamples(of: experiment, places)
            let network = try NetworkWorkload.network(of: experiment, for: dataset)
            let parameters = try ModelFile.parameters(of: network, in: file, path)
            let statistics = try ModelFile.statistics(of: network, in: file, path)
            let evaluator = try Evaluator(
                network, samples: dataset.test, normalization: dataset.normalization,
                threads: ProcessInfo.processInfo.activeProcessorCount)
            let score = evaluator.score(Payload(parameters), statistics: statistics)
            if let failure = dataset.test.failure { throw failure }
            model = experiment.model.name
            self.data = dataset.name
            samples = dataset.test.count
            (accuracy, loss) = (score.accuracy, score.loss)
        } catch let error as ConfigurationError {
            throw loaded.located(error)
        }
    }

    /// The experiment in the metadata of a model file. What is wrong there is wrong with the file.
    private static func experiment(
        _ yaml: String, of path: String, data: String?, dataPath: String?
    ) throws -> LoadedExperiment {
        let loaded: LoadedExperiment
        do {
            loaded = try LoadedExperiment(yaml: yaml, named: path, registries: .all)
        } catch {
            throw SafetensorsError(
                .malformed, path: path, "its experiment is not one that this build reads (\(error.sentence))")
        }
        guard data != nil || dataPath != nil else { return loaded }
        func quoted(_ text: String?) -> String { (text.map(OptionValue.text) ?? .null).yaml }
        let overrides =
            (data.map { ["data.name=\(quoted($0))"] } ?? []) + ["data.path=\(quoted(dataPath.map(absolutePath)))"]
        return try LoadedExperiment(yaml: yaml, named: path, overrides: overrides, registries: .all)
    }
}
