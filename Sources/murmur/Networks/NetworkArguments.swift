import ArgumentParser
import Configuration
import Datasets
import Experiments
import Foundation
import Models
import Workloads

/// Which network a command is about, beside its model's name and settings: those of an experiment file, and the images
/// that it is for.
struct NetworkArguments: ParsableArguments {
    @ArgumentParser.Option(
        name: [.short, .long], help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
    @ArgumentParser.Option(help: "Channels, height and width of the images, such as 3,32,32.") var input: String?
    @ArgumentParser.Option(help: "How many classes there are.") var classes: Int?

    func validate() throws {
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

    /// The network of a model with these settings, for the images of the experiment's data, or for those that the model
    /// was made for where neither file nor settings are about data. Hands it over with its experiment; complaints are
    /// told with the place of the key.
    func withNetwork(
        _ model: String?, _ settings: [String], _ body: (Network, Experiment) throws -> Void
    ) throws {
        let loaded = try LoadedExperiment(file: config, model: model, settings: settings)
        do {
            let hasData = config != nil || settings.contains { $0.hasPrefix("data.") || $0.hasPrefix("data=") }
            try body(try network(loaded.experiment, hasData: hasData), loaded.experiment)
        } catch let error as ConfigurationError {
            throw loaded.located(error)
        }
    }

    private func network(_ experiment: Experiment, hasData: Bool) throws -> Network {
        guard experiment.workload.kind.readsData else {
            throw ConfigurationError(
                key: "model.name", "the \(experiment.model.name) is no network; 'murmur models' lists what it is")
        }
        if hasData, inputShape == nil || classes == nil {
            let network = try NetworkWorkload.network(
                of: experiment, DataPlaces(environment: ProcessInfo.processInfo.environment))
            guard inputShape != nil || classes != nil else { return network }
            return try self.network(experiment, inputShape ?? network.inputShape, classes ?? network.classes)
        }
        return try self.network(
            experiment, inputShape ?? ModelRegistry.usualImages(of: experiment.model.name),
            classes ?? ModelRegistry.usualClasses(of: experiment.model.name))
    }

    private func network(_ experiment: Experiment, _ inputShape: [Int], _ classes: Int?) throws -> Network {
        try inSection("model") { () throws(ConfigurationError) in
            try ModelRegistry.network(
                experiment.model.name, options: experiment.model.options, inputShape: inputShape, classes: classes)
        }
    }
}

extension LoadedExperiment {
    /// The experiment of a file, or of the defaults without one, with a model and settings that go before it.
    init(file: String?, model: String?, settings: [String]) throws {
        try self.init(
            file: file, overrides: (model.map { ["model.name=" + $0] } ?? []) + settings, registries: .all)
    }
}
