package import Compute
import Models
import Runtime
import Synchronization
package import Vectors

/// A plan for training and whose model it has loaded.
package final class GradientPlan: Sendable {
    /// Samples in a batch.
    package let batch: Int
    private let seat: Mutex<Seat>

    private struct Seat: ~Copyable {
        var executable: Executable
        var loads: UInt64 = 0

        init(_ executable: consuming Executable) { self.executable = executable }
    }

    package init(_ executable: consuming Executable) {
        batch = executable.batch
        seat = Mutex(Seat(executable))
    }

    /// Takes `scale` times the model; the number that comes back stands for it until the next is loaded.
    package func load(_ model: Payload, scale: Float) -> UInt64 {
        seat.withLock { seat in
            seat.executable.hold(model, scale: scale)
            seat.loads += 1
            return seat.loads
        }
    }

    /// Lends the executable with the model of that number loaded, once: afterwards it has let the model go.
    package func run<Result: Sendable>(_ load: UInt64, _ body: (inout Executable) -> Result) -> Result {
        seat.withLock { seat in
            precondition(seat.loads == load, "another learner loaded its model before this one's gradient was computed")
            defer { seat.executable.letGo() }
            return body(&seat.executable)
        }
    }
}
