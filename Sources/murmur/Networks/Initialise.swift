import ArgumentParser
import Datasets
import Experiments
import Foundation
import Records
import Workloads

/// `murmur initialise`: the start that a run would have, as a file.
struct Initialise: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the model that a run would start from to a safetensors file.",
        discussion: """
            The file has PyTorch's names and shapes. A run with model.weights=FILE starts from it, and so may one in \
            PyTorch.
            """)

    @Option(
        name: [.short, .long], help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
    @Argument(help: "Settings that go before the file's: key.path=value.") var overrides: [String] = []
    @Option(help: "The file to write.", completion: .file(extensions: ["safetensors"])) var output: String
    @Option(help: "Whose start it is, where common_start is false.") var peer = 0
    @Flag(help: "Replace a file that is there.") var force = false

    func validate() throws { try refuseStray(overrides) }

    func run() throws {
        try reportingFailure {
            let loaded = try LoadedExperiment(file: config, overrides: overrides, registries: .all)
            try DurableFiles.checkReplaceable(output)
            guard force || !DurableFiles.isTaken(output) else {
                throw OutputError(output, "exists already; choose another --output, or replace it with --force")
            }
            try RunStart.write(
                loaded, peer: peer, places: DataPlaces(environment: ProcessInfo.processInfo.environment), to: output)
        }
    }
}
