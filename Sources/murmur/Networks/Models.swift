import ArgumentParser
import Configuration
import Datasets
import Experiments
import Foundation
import Models
import Workloads

/// `murmur models`: the networks that there are, or all about one.
struct ListModels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the networks that can be trained, or show the layers of one.",
        discussion: """
            With a NAME, or an experiment file, it shows each layer with the shape behind it, its parameters and its \
            multiplications for one sample, forward; then their sums and the multiplications of a training step: \
            forward, the weights' gradient and the input's gradient, the last not for the first layer with weights. \
            Convolutions and dense layers are counted, which is nearly all. Images are those of the experiment's data, \
            or without a file those that the model was made for. 'murmur models layers' shows what a network of your \
            own may consist of.
            """)

    @Argument(help: "The model's name, and settings that go before the file's: key.path=value.")
    var words: [String] = []
    @ArgumentParser.Option(
        name: [.short, .long], help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
    @ArgumentParser.Option(help: "Channels, height and width of the images, such as 3,32,32.") var input: String?
    @ArgumentParser.Option(help: "How many classes there are.") var classes: Int?
    @Flag(help: "Print one JSON object.") var json = false

    private var name: String? { words.first.flatMap { $0.contains("=") ? nil : $0 } }
    private var overrides: [String] { name == nil ? words : Array(words.dropFirst()) }

    func validate() throws {
        try refuseStray(overrides)
        guard classes ?? 1 > 0 else { throw ValidationError("--classes needs at least 1") }
        guard inputShape != [] else {
            throw ValidationError("--input is three whole numbers above 0, such as 3,32,32: channels, height, width")
        }
    }

    /// Nil where none is given, empty where it is none.
    private var inputShape: [Int]? {
        input.map { text in
            let extents = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            return extents.count == 3 && extents.allSatisfy { (1...65536).contains($0) } ? extents : []
        }
    }

    func run() throws {
        if words.isEmpty, config == nil { return try printList("models", Registries.all.models, asJSON: json) }
        if words == ["layers"], config == nil { return try printList("layers", LayerList.descriptions, asJSON: json) }
        try reportingFailure {
            let settings = (name.map { ["model.name=" + $0] } ?? []) + overrides
            let loaded = try LoadedExperiment(file: config, overrides: settings, registries: .all)
            let network: Network
            do {
                network = try self.network(loaded.experiment)
            } catch let error as ConfigurationError {
                throw loaded.located(error)
            }
            let summary = NetworkSummary(network, batch: loaded.experiment.batch)
            try put(json ? summary.json.sorted.text + "\n" : summary.text, terminator: "")
        }
    }

    private func network(_ experiment: Experiment) throws -> Network {
        guard experiment.workload.kind.readsData else {
            throw ConfigurationError(
                key: "model.name", "the \(experiment.model.name) is no network; 'murmur models' lists what it is")
        }
        if config != nil, inputShape == nil || classes == nil {
            let network = try NetworkWorkload.network(
                of: experiment, DataPlaces(environment: ProcessInfo.processInfo.environment))
            guard inputShape != nil || classes != nil else { return network }
            return try self.network(experiment, inputShape ?? network.inputShape, classes ?? network.classes)
        }
        return try self.network(
            experiment, try inputShape ?? ModelRegistry.usualImages(of: experiment.model.name), classes ?? 10)
    }

    private func network(_ experiment: Experiment, _ inputShape: [Int], _ classes: Int) throws -> Network {
        try inSection("model") { () throws(ConfigurationError) in
            try ModelRegistry.network(
                experiment.model.name, options: experiment.model.options, inputShape: inputShape, classes: classes)
        }
    }
}
