package import Compute
package import Models
import Runtime
import Synchronization
import Vectors

/// What a gradient needs only while it is computed, so that the learners of one thread may share it: plans of one
/// network, by size of batch, and a scratch vector. Thousands of simulated peers then cost their models and their
/// places in the data; a peer on threads of its own has parts of its own.
///
/// Who shares must load its model right before its gradient: between the two no other learner may use the parts.
package final class PlanCache: Sendable {
    private let plans = Mutex<[Int: GradientPlan]>([:])
    private let scratch = Mutex<ScratchVector?>(nil)
    /// Plans for passes that no pass has for itself just now.
    private let free = Mutex<[PassPlan.Key: [PassPlan]]>([:])

    package init() {}

    /// The plan for batches of that size, made when it is first asked for. Throws when oneDNN cannot compute a layer.
    package func plan(
        _ network: Network, batch: Int, threads: Int, precision: Precision
    ) throws(OneDNNError) -> GradientPlan {
        try plans.withLock { plans throws(OneDNNError) in
            if let plan = plans[batch] { return plan }
            let plan = GradientPlan(
                try Executable(network, batch: batch, mode: .training, threads: threads, precision: precision))
            plans[batch] = plan
            return plan
        }
    }

    /// A vector of `count` numbers to be written over, always the same.
    package func scratch(count: Int) -> ScratchVector {
        scratch.withLock { scratch in
            let vector = scratch ?? ScratchVector(count: count)
            precondition(vector.count == count, "vectors of \(vector.count) and \(count) numbers in the same run")
            scratch = vector
            return vector
        }
    }

    /// A plan for the microbatches of so many samples in a piece of the network, for the caller alone until it is given
    /// back. Throws when oneDNN cannot compute a layer.
    package func passPlan(
        _ network: Network, _ piece: StagePiece, rows: Int, _ settings: PassSettings
    ) throws(OneDNNError) -> PassPlan {
        let key = PassPlan.Key(piece: piece, rows: rows)
        if let plan = free.withLock({ $0[key]?.popLast() }) { return plan }
        return try PassPlan(network, key, settings)
    }

    /// Takes back a plan that no pass uses any more.
    package func giveBack(_ plan: PassPlan) { free.withLock { $0[plan.key, default: []].append(plan) } }
}
