import ArgumentParser
import Experiments
import Models
import Records
import Safetensors
import Training
import Workloads

import struct Configuration.ConfigurationError

/// `murmur gradient`: loss, logits and gradients of a model on a batch, from file to file.
struct Gradient: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradient", abstract: "Write the gradient of a model's loss on one batch to a safetensors file.",
        discussion: """
            The weights carry PyTorch's names and shapes. The batch holds 'input' (N, C, H, W; F32) and 'label' (N;
            I64 or F32). The output holds 'loss' (1), 'logits' (N, classes) and one tensor for each parameter. Dropout
            is the identity. The model is that of --model, of an experiment file or of the settings model.name and the \
            like; there are as many classes as the last layer of the weights has outputs.
            """)

    @Option(help: "Name of the model, as `murmur models` lists it.") var model: String?
    @Option(
        name: [.short, .long], help: "The experiment file of the model.",
        completion: .file(extensions: ["yaml", "yml"])
    )
    var config: String?
    @Argument(help: "Settings of the model that go before the file's: model.key=value.") var settings: [String] = []
    @Option(help: "Safetensors file with the weights.") var weights: String
    @Option(help: "Safetensors file with the batch.") var batch: String
    @Option(help: "File to write; one that exists is replaced.") var output: String
    @Option(help: "fp32 or bf16.") var precision = Precision.fp32

    func validate() throws {
        try refuseStray(settings)
        try refuseOthers(than: ["model"], settings, instead: "only the model is asked for")
        guard model != nil || config != nil || settings.contains(where: { $0.hasPrefix("model.name=") }) else {
            throw ValidationError("no model is named; name it by --model, or an experiment file by -c")
        }
    }

    func run() throws {
        try reportingFailure {
            try precision.requireSupport()
            let loaded = try LoadedExperiment(file: config, model: model, settings: settings)
            try DurableFiles.checkReplaceable(output)
            let (name, options) = (loaded.experiment.model.name, loaded.experiment.model.options)
            do {
                let result = try GradientFiles.gradient(
                    model: name, options: options, weightsPath: weights, batchPath: batch, precision: precision)
                try result.write(to: output)
            } catch let error as ConfigurationError {
                throw loaded.located(error.within("model"))
            }
        }
    }
}
