public import Configuration
import Foundation
import Transports

/// An experiment together with where each of its settings came from.
public struct LoadedExperiment: Sendable {
    /// The settings with every default and every option of a choice filled in.
    public private(set) var experiment: Experiment
    /// The settings from the command line, as they were given.
    public let overrides: [String]
    private let places: [String: ExperimentError.Place]

    /// Reads an experiment from a file, `-` being standard input, or from the defaults alone where there is none, with
    /// overrides on top.
    ///
    /// Throws `MissingExperiment` when the file cannot be read, and `ExperimentError` when it is wrong.
    ///
    /// - Parameter ranks: How many processes a launcher has started, which says how many peers a run over them has
    ///   where nothing else does; nil for one alone.
    public init(file: String?, overrides: [String] = [], registries: Registries, ranks: Int? = nil) throws {
        let yaml = try file.map(ExperimentFile.text) ?? ""
        try self.init(yaml: yaml, named: file ?? "defaults", overrides: overrides, registries: registries, ranks: ranks)
        // The records of a run tell where its data lay, wherever they are read.
        experiment.data.path = experiment.data.path.map(absolutePath)
        experiment.weights = experiment.weights.map(absolutePath)
    }

    /// Reads an experiment from a text; `name` is the file's name in messages.
    public init(
        yaml: String, named name: String, overrides: [String] = [], registries: Registries, ranks: Int? = nil
    ) throws(ExperimentError) {
        var root = try YAMLReader.read(yaml) { .file(name, line: $0, column: $1) }
        let former = Self.names(in: root)
        for text in overrides { try Override(text).apply(to: &root) }
        let latter = Self.names(in: root)
        var reader = ExperimentReader(
            registries: registries, formerNames: former.filter { latter[$0.key] != $0.value }, ranks: ranks)
        try reader.read(root)
        experiment = reader.experiment
        places = reader.places
        self.overrides = overrides
    }

    /// The paths of the keys that were given.
    var givenKeys: [String] { places.keys.sorted() }

    /// A later complaint about this experiment, with the place of the key it blames.
    public func located(_ error: ConfigurationError) -> ExperimentError {
        error.located(by: places)
    }

    /// What each section with a choice names, by default where it says nothing.
    private static func names(in root: SettingNode) -> [String: String] {
        var names: [String: String] = [:]
        for case .section(let section) in Experiment.entries {
            guard let choice = section.choice else { continue }
            guard case .text(let name)? = root[section.name]?[choice.key]?.value(for: .text) else {
                names[section.name] = choice.defaultName
                continue
            }
            names[section.name] = name
        }
        return names
    }

    /// Whether an experiment that was read, or that is wrong in something else, asks for peers in several processes.
    /// Where it cannot be told it may be.
    public static func spansProcesses(
        _ loaded: Result<LoadedExperiment, any Error>, file: String?, overrides: [String]
    ) -> Bool {
        if let loaded = try? loaded.get() { return loaded.experiment.processes != nil }
        guard let yaml = try? file.map(ExperimentFile.text) ?? "",
            var root = try? YAMLReader.read(yaml, place: { _, _ in .none })
        else { return true }
        for text in overrides { try? Override(text).apply(to: &root) }
        return names(in: root)["transport"].flatMap(Transports.processes) != nil
    }
}

/// The path from the root of the file system. One in the home folder stays so, on whatever machine it is read.
package func absolutePath(_ path: String) -> String {
    path.hasPrefix("/") || path == "~" || path.hasPrefix("~/")
        ? path : URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
}
