import Synchronization

/// The learning rate that the caller told with its last batch.
final class StepRate: Sendable {
    private let rate = Mutex<Float>(0)

    var value: Float {
        get { rate.withLock { $0 } }
        set { rate.withLock { $0 = newValue } }
    }
}
