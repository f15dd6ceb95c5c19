import ArgumentParser
import Training

/// The command: deep learning without a parameter server.
@main
struct Murmur: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "murmur",
        abstract: "Train neural networks among peers that talk to a few others, without a server.",
        version: murmurVersion,
        subcommands: [
            Train.self, Simulate.self, Soak.self, Evaluate.self, ListModels.self, ListAlgorithms.self,
            ListTopologies.self,
            ListDatasets.self,
            TopologyCommand.self, DataCommand.self, Report.self, Gradient.self, Bench.self, Config.self, Doctor.self,
        ])
}
