/// What a peer saw of a neighbour in one aspect: a naive-Bayes estimate with two outcomes over the last observations,
/// of which each counts for less than the next.
struct AspectRecord: Sendable, Hashable, Codable {
    /// The oldest first; nil where there was nothing to see.
    private var outcomes: [Bool?] = []

    /// Takes note of an outcome; of nil as of time that passes without any.
    mutating func record(_ outcome: Bool?, window: Int) {
        outcomes.append(outcome)
        if outcomes.count > window { outcomes.removeFirst(outcomes.count - window) }
    }

    /// The weighted counts of good and bad outcomes.
    func counts(forgetting: Double) -> (good: Double, bad: Double) {
        var (good, bad, weight) = (0.0, 0.0, 1.0)
        for outcome in outcomes.reversed() {
            if let outcome { if outcome { good += weight } else { bad += weight } }
            weight *= forgetting
        }
        return (good, bad)
    }
}
