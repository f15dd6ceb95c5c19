import ArgumentParser
import Configuration
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
            Train.self, Simulate.self, Compare.self, Reproduce.self, Soak.self, Evaluate.self, Initialise.self,
            ListModels.self, ListAlgorithms.self, ListCompressors.self,
            ListTopologies.self, ListDatasets.self, ListOptimizers.self, ListSchedules.self,
            TopologyCommand.self, DataCommand.self, Report.self, Export.self, Watch.self, Gradient.self, Bench.self,
            GroupCommand.self, KeyCommand.self, Join.self, PeersCommand.self, Config.self,
            Doctor.self,
        ])

    /// The arguments with a port 0, which stands for a free one, behind each `--dashboard` that no port follows: a
    /// setting or a folder is none.
    static func separatingSettings(_ arguments: [String]) -> [String] {
        arguments.enumerated().map { index, argument in
            let isFollowedByPort = arguments.dropFirst(index + 1).first.map { Int($0) != nil } ?? false
            return argument == "--dashboard" && !isFollowedByPort ? "--dashboard=0" : argument
        }
    }

    /// Runs what the command line asks for. Help and version leave by the same way as all results.
    static func main() {
        do {
            var command = try parseAsRoot(separatingSettings(Array(CommandLine.arguments.dropFirst())))
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
