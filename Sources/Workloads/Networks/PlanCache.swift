package import Compute
package import Models
import Runtime
import Synchronization
package import Vectors

/// What a gradient needs only while it is computed, so that learners may share it: plans of one network, by size of
/// batch, and blocks to be written over. There are as many of each as gradients are computed at the same time:
/// thousands of simulated peers then cost their models and their places in the data.
package final class PlanCache: Sendable {
    private let free = Mutex<[Int: [GradientPlan]]>([:])
    /// Plans for passes that no pass has for itself just now.
    private let freePasses = Mutex<[PassPlan.Key: [PassPlan]]>([:])
    /// Blocks that nobody has for himself just now.
    package let blocks = PayloadPool()

    package init() {}

    /// A plan for batches of that size, for the caller alone until it is given back. Throws when oneDNN cannot compute
    /// a layer.
    package func plan(
        _ network: Network, batch: Int, threads: Int, precision: Precision
    ) throws(OneDNNError) -> GradientPlan {
        if let plan = free.withLock({ $0[batch]?.popLast() }) { return plan }
        return GradientPlan(
            try Executable(network, batch: batch, mode: .training, threads: threads, precision: precision))
    }

    /// Takes back a plan that no gradient uses any more.
    package func giveBack(_ plan: GradientPlan) { free.withLock { $0[plan.batch, default: []].append(plan) } }

    /// A plan for the microbatches of so many samples in a piece of the network, for the caller alone until it is given
    /// back. Throws when oneDNN cannot compute a layer.
    package func passPlan(
        _ network: Network, _ piece: StagePiece, rows: Int, _ settings: PassSettings
    ) throws(OneDNNError) -> PassPlan {
        let key = PassPlan.Key(piece: piece, rows: rows)
        if let plan = freePasses.withLock({ $0[key]?.popLast() }) { return plan }
        return try PassPlan(network, key, settings)
    }

    /// Takes back a plan that no pass uses any more.
    package func giveBack(_ plan: PassPlan) { freePasses.withLock { $0[plan.key, default: []].append(plan) } }
}
