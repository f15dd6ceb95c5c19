import ArgumentParser
import Configuration
import Experiments
import Models

/// `murmur models`: the networks that there are, or all about one.
struct ListModels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the networks that can be trained, or show the layers of one.",
        discussion: """
            With a NAME, or an experiment file, it shows each layer with the shape behind it, its parameters and its \
            multiplications for one sample, forward; then their sums and the multiplications of a training step: \
            forward, the weights' gradient and the input's gradient, the last not for the first layer with weights. \
            Convolutions and dense layers are counted, which is nearly all. Images are those of the experiment's data, \
            or without a file and data those that the model was made for. 'murmur models layers' shows what a network \
            of your own may consist of.
            """)

    @Argument(help: "The model's name, and settings that go before the file's: key.path=value.")
    var words: [String] = []
    @OptionGroup var arguments: NetworkArguments
    @Flag(help: "Print one JSON object.") var json = false

    private var name: String? { words.first.flatMap { $0.contains("=") ? nil : $0 } }
    private var overrides: [String] { name == nil ? words : Array(words.dropFirst()) }

    func validate() throws { try refuseStray(overrides) }

    func run() throws {
        let config = arguments.config
        if words.isEmpty, config == nil { return try printList("models", Registries.all.models, asJSON: json) }
        if words == ["layers"], config == nil { return try printList("layers", LayerList.descriptions, asJSON: json) }
        try reportingFailure {
            try arguments.withNetwork(name, overrides) { network, experiment in
                let summary = NetworkSummary(network, batch: experiment.batch)
                try put(json ? summary.json.sorted.text + "\n" : summary.text, terminator: "")
            }
        }
    }
}
