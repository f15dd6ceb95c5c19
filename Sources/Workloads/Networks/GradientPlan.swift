package import Compute
import Models
import Runtime
import Synchronization
package import Vectors

/// A plan for training, for one learner at a time: from the loading of its model to its gradient.
package final class GradientPlan: Sendable {
    /// Samples in a batch.
    package let batch: Int
    private let seat: Mutex<Executable>

    package init(_ executable: consuming Executable) {
        batch = executable.batch
        seat = Mutex(executable)
    }

    /// Takes `scale` times the model.
    package func load(_ model: Payload, scale: Float) { seat.withLock { $0.hold(model, scale: scale) } }

    /// Lends the executable with the model that was loaded, which it lets go of afterwards.
    package func run<Result: Sendable>(_ body: (inout Executable) -> Result) -> Result {
        seat.withLock { executable in
            defer { executable.letGo() }
            return body(&executable)
        }
    }
}
