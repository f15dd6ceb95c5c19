import ArgumentParser
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
            is the identity.
            """)

    @Option(help: "Name of the model, as `murmur models` lists it.") var model: String
    @Option(help: "Safetensors file with the weights.") var weights: String
    @Option(help: "Safetensors file with the batch.") var batch: String
    @Option(help: "File to write; one that exists is replaced.") var output: String
    @Option(help: "fp32 or bf16.") var precision = Precision.fp32

    func run() throws {
        try reportingFailure {
            try precision.requireSupport()
            try DurableFiles.checkReplaceable(output)
            let result = try GradientFiles.gradient(
                model: model, weightsPath: weights, batchPath: batch, precision: precision)
            try result.write(to: output)
        }
    }
}
