internal import Configuration
internal import Vectors

/// The tensors of a model with a factor for each, by which its part of a step is stretched: what the layer-wise rules
/// share.
struct TensorParts: Sendable {
    /// A tensor.
    struct Part: Sendable {
        /// Where it lies in the whole vector.
        let range: Range<Int>
        /// Whether its part of a step is stretched.
        let isAdapted: Bool
        /// Its weight decay.
        let decay: Float
        var factor: Float = 1
    }

    private(set) var parts: [Part]

    init(_ layout: VectorLayout, adaptsAll: Bool, decay: Float, decaysAll: Bool) {
        parts = layout.entries.filter { $0.count > 0 }.map { entry in
            Part(
                range: entry.range, isAdapted: adaptsAll || entry.isWeight,
                decay: decaysAll || entry.isWeight ? decay : 0)
        }
    }

    /// Sets the factor of each adapted tensor to what is made of it.
    mutating func measure(_ factor: (Part) -> Double) {
        for index in parts.indices where parts[index].isAdapted { parts[index].factor = Float(factor(parts[index])) }
    }

    /// Calls `body` with each tensor that lies in a range of the whole, wholly or in part, and what of the range is its
    /// own, counted from the beginning of the range.
    func forEach(in range: Range<Int>, _ body: (Part, Range<Int>) -> Void) {
        // The first tensor that does not end before the range, by halves: a large model has many blocks.
        var (low, high) = (0, parts.count)
        while low < high {
            let middle = (low + high) / 2
            if parts[middle].range.upperBound > range.lowerBound { high = middle } else { low = middle + 1 }
        }
        while low < parts.count, parts[low].range.lowerBound < range.upperBound {
            let common = parts[low].range.clamped(to: range)
            body(parts[low], (common.lowerBound - range.lowerBound)..<(common.upperBound - range.lowerBound))
            low += 1
        }
    }

    static func adaptsAll(default value: Bool) -> Option<Bool> {
        Option.boolean(
            "adapt_norms_and_biases", default: value,
            "Whether the steps of biases and of the scales and shifts of norms are stretched, too")
    }
}
