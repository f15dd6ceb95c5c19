import Foundation

/// What ought to hold of the runs of a reproduction: a measure, and runs or numbers in the order of what it is there.
struct Claim: Sendable {
    /// The claim as the paper makes it.
    let text: String
    let measure: Measure
    /// From the least to the most.
    let terms: [Term]
    /// Why it does not hold here, as far as that is known; empty where it is not.
    let otherwise: String
    /// How far the others may be below the last, where that is claimed and no order.
    var within: Double?

    enum Term: Sendable {
        case number(Double)
        /// Runs by the names of table, row and variant.
        case runs(table: String, row: String, variant: String)
    }

    /// What has become of a claim.
    struct Verdict: Sendable {
        /// Nil where a run is missing.
        let holds: Bool?
        /// The numbers, in the order of the claim.
        let numbers: String
    }

    /// Judges by the runs' records alone.
    ///
    /// - Parameter runs: those of a row in a variant; empty where the scale has no such row.
    func verdict(_ runs: (_ table: String, _ row: String, _ variant: String) -> [RunOutcome]) -> Verdict {
        var values: [Double?] = []
        var texts: [String] = []
        for term in terms {
            switch term {
            case .number(let number):
                values.append(number)
                texts.append(measure.form.text(number))
            case .runs(let table, let row, let variant):
                let spread = measure.spread(over: runs(table, row, variant))
                // A run that did not come to it stands behind all that did.
                values.append(spread.map { $0.mean ?? measure.worst })
                texts.append("\(row): \(spread?.text(measure.form) ?? "not run")")
            }
        }
        let known = values.compactMap(\.self)
        let isInOrder: Bool
        if let within, let last = known.last {
            isInOrder = known.dropLast().allSatisfy { last - $0 <= within }
        } else {
            isInOrder = zip(known, known.dropFirst()).allSatisfy { $0 < $1 }
        }
        return Verdict(
            holds: known.count == values.count ? isInOrder : nil, numbers: texts.joined(separator: ", "))
    }
}
