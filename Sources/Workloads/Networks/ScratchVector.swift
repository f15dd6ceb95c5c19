import Compute
import Models
import Runtime
import Synchronization
import Vectors

/// A vector that outlives its uses.
package final class ScratchVector: Sendable {
    package let count: Int
    private let vector: Mutex<FlatVector>

    package init(count: Int) {
        self.count = count
        vector = Mutex(FlatVector(count: count))
    }

    package func write<Result: Sendable>(_ body: (inout MutableSpan<Float>) -> Result) -> Result {
        vector.withLock { vector in vector.write { body(&$0) } }
    }

    package func read<Result: Sendable>(_ body: (Span<Float>) -> Result) -> Result {
        vector.withLock { vector in vector.read { body($0) } }
    }
}
