public import Configuration
import Foundation

/// An experiment together with where each of its settings came from.
public struct LoadedExperiment: Sendable {
    public let experiment: Experiment
    /// The settings from the command line, as they were given.
    public let overrides: [String]
    private let places: [String: ExperimentError.Place]

    /// Reads an experiment from a file, or from the defaults alone where there is none, with overrides on top.
    ///
    /// Throws `MissingExperiment` when the file cannot be read, and `ExperimentError` when it is wrong.
    ///
    /// - Parameter ranks: How many processes a launcher has started, which says how many peers a run over them has
    ///   where nothing else does; nil for one alone.
    public init(file: String?, overrides: [String] = [], registries: Registries, ranks: Int? = nil) throws {
        var yaml = ""
        if let file {
            guard let bytes = FileManager.default.contents(atPath: file) else { throw MissingExperiment(file: file) }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ExperimentError(.file(file, line: 1, column: 1), key: nil, "not a text file in UTF-8")
            }
            yaml = text
        }
        try self.init(yaml: yaml, named: file ?? "defaults", overrides: overrides, registries: registries, ranks: ranks)
    }

    /// Reads an experiment from a text; `name` is the file's name in messages.
    public init(
        yaml: String, named name: String, overrides: [String] = [], registries: Registries, ranks: Int? = nil
    ) throws(ExperimentError) {
        var root = try SettingNode.read(yaml: yaml) { .file(name, line: $0, column: $1) }
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
}

/// The experiment file that was named is not there or cannot be read.
public struct MissingExperiment: Error, Sendable, Hashable, CustomStringConvertible {
    public let file: String

    public var description: String {
        "\(file): no readable experiment file; 'murmur train --print-config > \(file)' writes one to start from"
    }
}
