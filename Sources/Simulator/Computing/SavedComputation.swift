import Gossip
import Runtime

/// A learner, and what it has computed that its peer has not heard of.
struct SavedComputation: Codable {
    private var report: GradientReport?
    private var pass: HeldPass?
    let cost: Double
    let isBeginning: Bool
    /// The learner's state under its name; the gradient and the parts of a pass under theirs.
    private(set) var numbers: StateDict

    static let learnerName = "learner"

    init(_ result: Inbound?, cost: Double, isBeginning: Bool, _ numbers: StateDict) {
        self.cost = cost
        self.isBeginning = isBeginning
        self.numbers = numbers
        switch result {
        case .gradientReady(let report): self.report = report
        case .passAdvanced(let report): pass = HeldPass(report, &self.numbers)
        default: break
        }
    }

    func result() throws(StateError) -> Inbound? {
        if let pass { return .passAdvanced(try pass.report(numbers)) }
        return report.map { .gradientReady($0) }
    }
}
