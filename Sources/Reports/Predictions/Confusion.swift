import Records

/// How often each class was taken for each.
struct Confusion {
    let classes: [String]
    /// A row for each class, a column for what the model said.
    let counts: [[Int]]

    init(_ predictions: PredictionsRecord) {
        classes = predictions.classes
        var counts = [[Int]](
            repeating: [Int](repeating: 0, count: predictions.classes.count), count: predictions.classes.count)
        for (label, answer) in zip(predictions.labels, predictions.answers) { counts[label][answer] += 1 }
        self.counts = counts
    }

    /// A class, and what it was taken for.
    struct Pair: Hashable {
        var label: Int
        var answer: Int
        var count: Int
    }

    /// The pairs of different classes that were confused most often, at most `limit` of them.
    func mostFrequent(_ limit: Int) -> [Pair] {
        let pairs = counts.indices.flatMap { label in
            counts.indices.filter { $0 != label && counts[label][$0] > 0 }.map {
                Pair(label: label, answer: $0, count: counts[label][$0])
            }
        }
        return Array(
            pairs.sorted { ($1.count, $0.label, $0.answer) < ($0.count, $1.label, $1.answer) }.prefix(limit))
    }

    /// The share of a class' samples that were taken for it; nil where there are none.
    func share(_ label: Int) -> Double? {
        let all = counts[label].reduce(0, +)
        return all > 0 ? Double(counts[label][label]) / Double(all) : nil
    }
}
