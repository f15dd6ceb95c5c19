import Configuration
import Experiments

/// An experiment file, as `config` and `train` read it.
struct ExperimentFormat: FileFormat {
    static let name = "experiment"
    static let mostBytes = 2048
    static let kind = Mutator.Kind.text
    /// Keys, and what can be chosen.
    static var words: Set<String> {
        Set(Experiment.schema(.all).text.matches(of: /"([A-Za-z0-9_-]+)"/).map { String($0.1) })
    }

    init(in folder: String) {}

    func read(_ bytes: [UInt8]) throws {
        let experiment = try Self.experiment(String(decoding: bytes, as: UTF8.self))
        // What `config` prints is the same experiment.
        let printed = try Self.experiment(experiment.yaml)
        precondition(printed == experiment, "it is printed as another one:\n\(experiment.yaml)")
    }

    private static func experiment(_ yaml: String) throws -> Experiment {
        try LoadedExperiment(yaml: yaml, named: "experiment.yaml", registries: .all).experiment
    }
}
