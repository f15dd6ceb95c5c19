import Configuration
import Foundation
import Models
import Vectors

/// A network as a table of its layers.
struct NetworkSummary {
    let network: Network
    /// Samples in a training step.
    let batch: Int

    init(_ network: Network, batch: Int) {
        self.network = network
        self.batch = batch
    }

    private var layers: [PlacedLayer] { network.layers.flatMap(\.all) }
    private var forward: Double { layers.reduce(0) { $0 + $1.multiplicationsPerSample } }
    private var step: Double { network.multiplicationsPerSampleInTraining * Double(batch) }

    private static func parameters(_ layer: PlacedLayer) -> Int { layer.parameters.map(\.count).reduce(0, +) }

    private static func shape(_ extents: [Int]) -> String { extents.map(String.init).joined(separator: " x ") }

    /// Whole numbers without an exponent.
    private static func whole(_ number: Double) -> String { String(format: "%.0f", number) }

    var text: String {
        var table = Table(columns: [.left, .left, .left, .right, .right, .right])
        table.rows = [["layer", "kind", "name", "output", "parameters", "multiplications"]]
        table.rows += layers.map { layer in
            [
                layer.number, layer.kind.word, layer.kind.name ?? "", Self.shape(layer.outputShape),
                "\(Self.parameters(layer))", Self.whole(layer.multiplicationsPerSample),
            ]
        }
        table.rows.append(["all", "", "", "", "\(network.layout.count)", Self.whole(forward)])
        return """
            \(network.name) for images of \(Self.shape(network.inputShape)) in \(network.classes) classes
            \(table.text)a training step of \(batch) samples: \(Self.whole(step)) multiplications

            """
    }

    var json: JSON {
        func integers(_ numbers: [Int]) -> JSON { .array(numbers.map(JSON.integer)) }
        func count(_ number: Double) -> JSON { Int(exactly: number).map(JSON.integer) ?? .number(number) }
        let layers = layers.map { layer in
            JSON.object([
                ("layer", .string(layer.number)), ("kind", .string(layer.kind.word)),
                ("name", layer.kind.name.map(JSON.string) ?? .null), ("output_shape", integers(layer.outputShape)),
                ("parameters", .integer(Self.parameters(layer))),
                ("multiplications_per_sample", count(layer.multiplicationsPerSample)),
            ])
        }
        return .object([
            ("batch", .integer(batch)), ("classes", .integer(network.classes)),
            ("input_shape", integers(network.inputShape)), ("layers", .array(layers)),
            ("model", .string(network.name)), ("multiplications_per_sample", count(forward)),
            ("multiplications_per_step", count(step)), ("parameters", .integer(network.layout.count)),
        ])
    }
}
