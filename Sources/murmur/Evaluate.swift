import ArgumentParser
import Training

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Test a saved model: its accuracy and loss.")

    @Argument(help: "The saved model, such as runs/NAME/model.safetensors.", completion: .file())
    var checkpoint: String
    @Option(help: "The data set to test on; the one it was trained on by default.") var data: String?
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        try reportingFailure {
            try evaluate()
        }
    }

    private func evaluate() throws {
        throw NotInThisBuild(feature: "evaluation")
    }
}
