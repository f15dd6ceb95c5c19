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
    /// How many of them the model classifies right; nil for a model without accuracy.
    public var correct: Int? { accuracy.map { Int(($0 * Double(samples)).rounded()) } }
    /// The share of samples that the model classifies right, from 0 to 1; nil for a model without accuracy.
    public let accuracy: Double?
    /// Mean over the samples.
    public let loss: Double

    /// Tests the model in the folder of a run, in a file that `train` wrote, or in one of weights alone, of which the
    /// settings say what they are.
    ///
    /// - Parameters:
    ///   - path: The file or folder.
    ///   - config: The experiment file that says which model and data it is; nil: what the file itself says.
    ///   - settings: What goes before that.
    ///   - data: The data set to test on; nil for the one that the model was trained on.
    ///   - dataPath: The folder of its files; nil for that of the training, or the usual places of another data set.
    ///
    /// Throws `SafetensorsError` for a bad file, `DataError` for bad data, `MissingExperiment`, `ExperimentError` or
    /// `ConfigurationError` when the model does not fit the data.
    public init(
        path: String, config: String? = nil, settings: [String] = [], data: String?, dataPath: String? = nil,
        places: DataPlaces
    ) throws {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let path = exists && isFolder.boolValue ? "\(path)/model.safetensors" : path
        let file = try SafetensorsFile(readingFrom: path)
        let settings = settings + Self.settings(data: data, dataPath: dataPath)
        let loaded =
            try config.map { try LoadedExperiment(file: $0, overrides: settings, registries: .all) }
            ?? Self.experiment(file.metadata[ModelFile.experimentKey], of: path, settings)
        let experiment = loaded.experiment
        do {
            guard experiment.workloadKind.readsData else {
                throw ConfigurationError(
                    key: "model.name",
                    "the \(experiment.model.name) has no samples to be tested on; its run's summary has its loss")
            }
            let dataset = try NetworkWorkload.testSamples(of: experiment, places)
            let network = try NetworkWorkload.network(of: experiment, for: dataset)
            let weights = try SavedWeights(of: network, in: file, path)
            guard let statistics = weights.statistics ?? (network.statistics.count == 0 ? [] : nil) else {
                throw SafetensorsError(
                    .malformed, path: path,
                    "it lacks the running means and variances of the batch-norms of model \(network.name), by which "
                        + "they are tested; save the whole state of the network")
            }
            let evaluator = try Evaluator(
                network, samples: dataset.test, normalization: dataset.normalization,
                threads: ProcessInfo.processInfo.activeProcessorCount)
            let score = evaluator.score(Payload(weights.parameters), statistics: statistics)
            if let failure = dataset.test.failure { throw failure }
            model = experiment.model.name
            self.data = dataset.name
            samples = dataset.test.count
            (accuracy, loss) = (score.accuracy, score.loss)
        } catch let error as ConfigurationError {
            throw loaded.located(error)
        }
    }

    /// The data set and its folder as settings.
    private static func settings(data: String?, dataPath: String?) -> [String] {
        guard data != nil || dataPath != nil else { return [] }
        func quoted(_ text: String?) -> String { (text.map(OptionValue.text) ?? .null).yaml }
        return (data.map { ["data.name=\(quoted($0))"] } ?? [])
            + ["data.path=\(quoted(dataPath.map(absolutePath)))"]
    }

    /// The experiment in the metadata of a model file, with settings; what is wrong there is wrong with the file. Where
    /// the file has none, that of the settings alone.
    private static func experiment(
        _ yaml: String?, of path: String, _ settings: [String]
    ) throws -> LoadedExperiment {
        guard let yaml else {
            guard settings.contains(where: { $0.hasPrefix("model.name=") }) else {
                throw SafetensorsError(
                    .malformed, path: path,
                    "the file does not say which model it holds; say so by an experiment file (-c) or by settings such "
                        + "as model.name=cnn data.name=mnist")
            }
            return try LoadedExperiment(file: nil, overrides: settings, registries: .all)
        }
        let loaded: LoadedExperiment
        do {
            loaded = try LoadedExperiment(yaml: yaml, named: path, registries: .all)
        } catch {
            throw SafetensorsError(
                .malformed, path: path, "its experiment is not one that this build reads (\(error.sentence))")
        }
        guard !settings.isEmpty else { return loaded }
        return try LoadedExperiment(yaml: yaml, named: path, overrides: settings, registries: .all)
    }
}
