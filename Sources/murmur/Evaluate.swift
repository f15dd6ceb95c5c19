import ArgumentParser
import Datasets
import Foundation
import Training
import Workloads

import enum Configuration.JSON

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Test a saved model: its accuracy and loss.",
        discussion: """
            A model that 'murmur train' saved says which it is and what it learned from. Weights from elsewhere, under \
            PyTorch's names, need an experiment file or settings that say so, such as model.name=vgg11 \
            model.batch_norm=true data.name=cifar10.
            """)

    @Argument(
        help: "The folder of a run, or the saved model, such as runs/NAME/model.safetensors.", completion: .file())
    var checkpoint: String
    @Argument(help: "Settings that go before the model's own: key.path=value.") var settings: [String] = []
    @Option(
        name: [.short, .long], help: "The experiment file, instead of what the model's file says of itself.",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
    @Option(help: "The data set to test on; the one it was trained on by default.") var data: String?
    @Option(
        help: "The folder of the data set's files, instead of where it lay when the model was trained.",
        completion: .directory)
    var dataPath: String?
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws { try refuseStray(settings) }

    func run() throws {
        try reportingFailure {
            try evaluate()
        }
    }

    private func evaluate() throws {
        let places = DataPlaces(environment: ProcessInfo.processInfo.environment)
        let test = try SavedModelTest(
            path: checkpoint, config: config, settings: settings, data: data, dataPath: dataPath, places: places)
        if json {
            let object = JSON.object([
                ("accuracy", test.accuracy.map(JSON.number) ?? .null),
                ("correct", test.correct.map(JSON.integer) ?? .null), ("data", .string(test.data)),
                ("loss", .number(test.loss)),
                ("model", .string(test.model)), ("samples", .integer(test.samples)),
            ])
            try put(object.text)
        } else {
            try put(
                "\(test.model) on \(test.data): accuracy \(decimal(test.accuracy, 4)), loss \(decimal(test.loss, 4)) "
                    + "on \(test.samples) test samples")
        }
    }
}
