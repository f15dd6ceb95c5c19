import Configuration
import Foundation
import Models
import Records
import Safetensors
import Testing
import Training
import Vectors
import Workloads

/// `murmur gradient` against PyTorch on drawn weights and images, for models too large to keep them
/// (`script/make-fixtures.py`).
@Suite struct DrawnPyTorchTests {
    /// A fixture of that name, for a model with these options.
    struct Sample: CustomTestStringConvertible {
        let name: String
        let model: String
        let options: Options
        /// Norms of this name have small scales.
        let blockEnd: String?
        var testDescription: String { name }

        init(
            _ name: String, of model: String? = nil, blockEnd: String? = nil, _ options: [String: OptionValue] = [:]
        ) {
            self.name = name
            self.model = model ?? name
            self.blockEnd = blockEnd
            self.options = Options(options)
        }
    }

    /// The largest are narrower than by default, so that drawing their weights takes no time.
    static let samples = [
        Sample("lenet5"), Sample("mesbah-cnn"), Sample("resnet20"), Sample("resnet18"),
        Sample("lenet5-smoothed", of: "lenet5", ["label_smoothing": .number(0.1)]), Sample("2nn"),
        Sample("fedavg-cnn"), Sample("cdsgd-cnn"),
        Sample("cdsgd-big-cnn", ["width": .integer(16), "hidden": .integer(64)]), Sample("cdsgd-fcn"),
        Sample("nettorrent-mnist"), Sample("nettorrent-cifar"), Sample("vgg11", ["width": .integer(16)]),
        Sample("vgg11-batch", of: "vgg11", ["width": .integer(16), "batch_norm": .boolean(true)]),
        Sample(
            "vgg11-evonorm", of: "vgg11",
            ["width": .integer(16), "norm": .text("evonorm-s0"), "groups": .integer(4)]),
        Sample("resnet20-group", of: "resnet20", ["norm": .text("group"), "groups": .integer(4)]),
        Sample("resnet20-evonorm", of: "resnet20", ["norm": .text("evonorm-s0"), "groups": .integer(4)]),
        Sample("resnet32", blockEnd: "bn2"), Sample("resnet44", blockEnd: "bn2"), Sample("resnet56", blockEnd: "bn2"),
        Sample("resnet110", blockEnd: "bn2"),
        Sample("resnet18-imagenet", blockEnd: "bn2", ["width": .integer(16)]),
        Sample("resnet34", blockEnd: "bn2", ["width": .integer(16)]),
        Sample("resnet50", blockEnd: "bn3", ["width": .integer(16)]),
    ]

    private func fixture(_ model: String) throws -> SafetensorsFile {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return try SafetensorsFile(readingFrom: url.appendingPathComponent("Fixtures/\(model).drawn.safetensors").path)
    }

    private func norm(_ values: [Float]) -> Double {
        values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }

    /// What `murmur gradient` tells on the fixture's weights and batch, by way of files.
    private func gradient(_ sample: Sample, _ fixture: SafetensorsFile) throws -> SafetensorsFile {
        let seed = try #require(fixture["seed"]?.integers?.first)
        let shape = try #require(fixture["shape"]?.integers)
        let gain = fixture["gain"]?.floats?.first ?? 1
        let network = try ModelRegistry.network(
            sample.model, options: sample.options, inputShape: Array(shape.dropFirst()), classes: 10)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("drawn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (weights, batch) = (folder.appendingPathComponent("w").path, folder.appendingPathComponent("b").path)
        try SafetensorsFile(
            tensors: network.layout.entries.map { entry in
                Tensor(
                    name: entry.name, shape: entry.shape,
                    floats: Draw.weight(
                        entry.name, entry.shape, seed: seed, gain: gain, blockEnd: sample.blockEnd))
            }
        ).write(to: weights)
        let images = Draw.numbers("\(seed):input", shape.reduce(1, *)).map { $0 * 1.75 }
        let labels = Draw.words("\(seed):label", shape[0]).map { Float($0 % 10) }
        try SafetensorsFile(tensors: [
            Tensor(name: "input", shape: shape, floats: images),
            Tensor(name: "label", shape: [shape[0]], floats: labels),
        ]).write(to: batch)
        return try GradientFiles.gradient(
            model: sample.model, options: sample.options, weightsPath: weights, batchPath: batch)
    }

    @Test(arguments: samples)
    func everyTensorAgrees(_ sample: Sample) throws {
        let fixture = try fixture(sample.name)
        let found = try gradient(sample, fixture)
        let gradients = found.tensors.filter { !["loss", "logits"].contains($0.name) }
        let largest = try gradients.map { norm(try #require($0.floats)) }.max() ?? 0
        var worst = (distance: 0.0, name: "")
        func judge(_ distance: Double, _ name: String) {
            #expect(distance <= 1e-4, "\(sample.name) \(name)")
            if distance > worst.distance { worst = (distance, name) }
        }
        for tensor in found.tensors {
            let ours = try #require(tensor.floats)
            let name = tensor.name
            if let whole = fixture[name]?.floats {
                judge(norm(zip(ours, whole).map { $0 - $1 }) / max(norm(whole), 1e-3 * largest), name)
                continue
            }
            let samples = try #require(fixture["\(name)@indices"]?.floats)
            let size = max(Double(try #require(fixture["\(name)@norm"]?.floats?.first)), 1e-3 * largest)
            let products = try #require(fixture["\(name)@products"]?.floats)
            #expect(products.count == 8 && samples.count >= 128)
            judge(abs(norm(ours) - size) / size, "\(name)@norm")
            // The part that is kept stands for the whole.
            let indices = Draw.words("\(name)@indices", samples.count).map { Int($0 % UInt64(ours.count)) }
            let difference = norm(zip(indices, samples).map { ours[$0] - $1 })
            judge(difference * (Double(ours.count) / Double(samples.count)).squareRoot() / size, "\(name)@indices")
            for (index, product) in products.enumerated() {
                let vector = Draw.numbers("\(name)@\(index)", ours.count)
                let own = zip(ours, vector).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                // A vector of numbers uniform in [-1, 1) changes the length of an error by 1/sqrt(3) on average.
                judge(abs(own - Double(product)) * 3.0.squareRoot() / size / 4, "\(name)@products")
            }
        }
        #expect(worst.distance > 0)
    }
}
