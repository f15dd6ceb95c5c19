import Optimizers
import Runtime
import Vectors

/// A pass through a piece of a network, with the plan that it has for itself meanwhile.
final class NetworkPass: PassUnderWay {
    private let plan: PassPlan
    /// Whether loss and samples are this slot's to tell: where several have the same, the first does.
    private let reports: Bool
    private let shaping: GradientShaping
    private let parts: PlanCache

    init(_ plan: PassPlan, reports: Bool, _ shaping: GradientShaping, _ parts: PlanCache) {
        self.plan = plan
        self.reports = reports
        self.shaping = shaping
        self.parts = parts
    }

    func resume(with parts: [Payload], _ pool: PayloadPool) -> PassHalt? { plan.resume(with: parts, pool) }

    func end() -> GradientResult {
        defer { parts.giveBack(plan) }
        return plan.end(shaping, reports: reports)
    }

    func drop() {
        plan.drop()
        parts.giveBack(plan)
    }
}
