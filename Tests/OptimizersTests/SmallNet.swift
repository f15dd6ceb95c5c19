import Foundation
import Safetensors
import Vectors

/// A net of two dense layers with tanh between them, its gradient of mean cross-entropy in plain loops of double
/// precision, and the start and batch that PyTorch had, too (`script/make-fixtures.py`).
struct SmallNet {
    static let layout = VectorLayout([
        ("fc1.weight", [6, 8]), ("fc1.bias", [6]), ("fc2.weight", [3, 6]), ("fc2.bias", [3]),
    ])

    let fixture: SafetensorsFile
    let start: [Float]
    private let images: [Double]
    private let labels: [Int]

    init() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        fixture = try SafetensorsFile(readingFrom: folder.appendingPathComponent("Fixtures/pytorch.safetensors").path)
        start = fixture["start"]!.floats!
        images = fixture["input"]!.floats!.map(Double.init)
        labels = fixture["label"]!.integers!
    }

    func gradient(at model: [Float]) -> (loss: Double, gradient: [Float]) {
        let x = model.map(Double.init)
        var gradient = [Double](repeating: 0, count: x.count)
        var loss = 0.0
        for sample in 0..<16 {
            let image = Array(images[sample * 8..<sample * 8 + 8])
            var hidden: [Double] = []
            for row in 0..<6 { hidden.append(tanh(x[48 + row] + dot(x[row * 8..<row * 8 + 8], image))) }
            var powers: [Double] = []
            for row in 0..<3 { powers.append(exp(x[72 + row] + dot(x[54 + row * 6..<60 + row * 6], hidden))) }
            let sum = powers.reduce(0, +)
            loss -= log(powers[labels[sample]] / sum) / 16
            var logits = powers.map { $0 / sum / 16 }
            logits[labels[sample]] -= 1.0 / 16
            for row in 0..<3 {
                gradient[72 + row] += logits[row]
                for column in 0..<6 { gradient[54 + row * 6 + column] += logits[row] * hidden[column] }
            }
            for row in 0..<6 {
                var back = 0.0
                for output in 0..<3 { back += logits[output] * x[54 + output * 6 + row] }
                let slope = back * (1 - hidden[row] * hidden[row])
                gradient[48 + row] += slope
                for column in 0..<8 { gradient[row * 8 + column] += slope * image[column] }
            }
        }
        return (loss, gradient.map { Float($0) })
    }

    private func dot(_ one: some Sequence<Double>, _ other: [Double]) -> Double {
        var sum = 0.0
        for (a, b) in zip(one, other) { sum += a * b }
        return sum
    }
}
