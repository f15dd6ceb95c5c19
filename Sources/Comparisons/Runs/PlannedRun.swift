public import Experiments

/// A run that is to be made, or was: what carries it out, and with which settings.
public struct PlannedRun: Sendable, Hashable {
    /// The folder of its records within that of the comparison.
    public let name: String
    /// What carries it out.
    public let host: RunHost
    /// The experiment file that its settings go before; nil for none.
    public let file: String?
    /// Its settings, each `key.path=value`, the last of several for one key holding.
    public let settings: [String]
    /// All that the settings come to, as the records of the run have it.
    let configuration: String
    /// The accuracy that it is timed to; nil for none.
    let targetAccuracy: Double?

    /// Resolves the settings. Throws what is wrong with them, before anything runs.
    public init(
        name: String, host: RunHost, file: String? = nil, settings: [String], registries: Registries
    ) throws {
        let ranks: Int? = if case .ranks(let count) = host { count } else { nil }
        // The transport is the host's business; whoever reads the records finds it there.
        let transport = ranks.map { _ in ["transport.name=mpi"] } ?? []
        let loaded = try LoadedExperiment(
            file: file, overrides: settings + transport, registries: registries, ranks: ranks)
        self.name = name
        self.host = host
        self.file = file
        self.settings = loaded.overrides
        configuration = loaded.experiment.yaml
        targetAccuracy = loaded.experiment.evaluate.targetAccuracy
    }

    /// The arguments of the command that makes the run and leaves its records in a folder.
    func arguments(output: String) -> [String] {
        let command = host == .simulator ? "simulate" : "train"
        return [command] + (file.map { ["-c", $0] } ?? []) + settings
            + ["--output", output, "--force", "--json", "--quiet"]
    }
}
