import ArgumentParser
import Records
import Training

/// The command: deep learning without a parameter server.
@main
struct Murmur: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "murmur",
        abstract: "Train neural networks among peers that talk to a few others, without a server.",
        version: murmurVersion,
        subcommands: [
            Train.self, Simulate.self, Soak.self, Evaluate.self, Initialise.self, ListModels.self, ListAlgorithms.self,
            ListTopologies.self, ListDatasets.self, ListOptimizers.self, ListSchedules.self,
            TopologyCommand.self, DataCommand.self, Report.self, Export.self, Gradient.self, Bench.self, Config.self,
            Doctor.self,
        ])

    /// Runs what the command line asks for. Help and version leave by the same way as all results.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            guard exitCode(for: error).isSuccess else { exit(withError: error) }
            do {
                try reportingFailure { try put(fullMessage(for: error)) }
            } catch {
                exit(withError: error)
            }
        }
    }
}
