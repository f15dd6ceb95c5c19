import ArgumentParser
import Configuration
import Experiments
import Training

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check experiment files, and say what they may hold.", subcommands: [Validate.self, Schema.self])

    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read an experiment file and say what is wrong with it, if anything.")
        @Argument(help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"])) var file: String
        @Argument(help: "Settings that go before the file's: key.path=value.") var overrides: [String] = []

        func run() throws {
            try reportingFailure {
                _ = try LoadedExperiment(file: file, overrides: overrides, registries: .all)
                try put("\(file): a valid experiment")
            }
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON Schema of experiment files, for editors and checkers.")

        func run() throws { try reportingFailure { try put(Experiment.schema(.all).indented) } }
    }
}
