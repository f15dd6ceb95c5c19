import Compute
import Models
import Runtime
import Synchronization
import Vectors

/// What a gradient needs only while it is computed, so that the learners of one thread may share it: plans of one
/// network, by size of batch, and a scratch vector. Thousands of simulated peers then cost their models and their
/// places in the data; a peer on threads of its own has parts of its own.
///
/// Who shares must load its model right before its gradient: between the two no other learner may use the parts.
package final class SharedParts: Sendable {
    private let plans = Mutex<[Int: GradientPlan]>([:])
    private let scratch = Mutex<ScratchVector?>(nil)

    package init() {}

    /// The plan for batches of that size, made when it is first asked for. Throws when oneDNN cannot compute a layer.
    func plan(_ network: Network, batch: Int, threads: Int) throws(OneDNNError) -> GradientPlan {
        try plans.withLock { plans throws(OneDNNError) in
            if let plan = plans[batch] { return plan }
            let plan = GradientPlan(try Executable(network, batch: batch, mode: .training, threads: threads))
            plans[batch] = plan
            return plan
        }
    }

    /// A vector of `count` numbers to be written over, always the same.
    func scratch(count: Int) -> ScratchVector {
        scratch.withLock { scratch in
            let vector = scratch ?? ScratchVector(count: count)
            precondition(vector.count == count, "vectors of \(vector.count) and \(count) numbers in the same run")
            scratch = vector
            return vector
        }
    }
}

/// A plan for training and whose model it has loaded.
final class GradientPlan: Sendable {
    /// Samples in a batch.
    let batch: Int
    private let seat: Mutex<Seat>

    private struct Seat: ~Copyable {
        var executable: Executable
        var loads: UInt64 = 0

        init(_ executable: consuming Executable) { self.executable = executable }
    }

    init(_ executable: consuming Executable) {
        batch = executable.batch
        seat = Mutex(Seat(executable))
    }

    /// Copies `scale` times the model; the number that comes back stands for it until the next is loaded.
    func load(_ model: Span<Float>, scale: Float) -> UInt64 {
        seat.withLock { seat in
            seat.executable.load(model, scale: scale)
            seat.loads += 1
            return seat.loads
        }
    }

    /// Lends the executable with the model of that number loaded.
    func run<Result: Sendable>(_ load: UInt64, _ body: (inout Executable) -> Result) -> Result {
        seat.withLock { seat in
            precondition(seat.loads == load, "another learner loaded its model before this one's gradient was computed")
            return body(&seat.executable)
        }
    }
}

/// A vector that outlives its uses.
final class ScratchVector: Sendable {
    let count: Int
    private let vector: Mutex<FlatVector>

    init(count: Int) {
        self.count = count
        vector = Mutex(FlatVector(count: count))
    }

    func write<Result: Sendable>(_ body: (inout MutableSpan<Float>) -> Result) -> Result {
        vector.withLock { vector in vector.write { body(&$0) } }
    }

    func read<Result: Sendable>(_ body: (Span<Float>) -> Result) -> Result {
        vector.withLock { vector in vector.read { body($0) } }
    }
}
