import Configuration
public import Runtime
import Synchronization
public import Vectors

/// Keeps what a peer has shown: one number for each look at its vector, which depends on every bit of it.
public final class DigestRecorder: Scorer {
    private let seen = Mutex<[UInt64]>([])

    /// Nothing has been shown yet.
    public init() {}

    /// The FNV-1a digest of each vector shown, in order.
    public var answers: [UInt64] { seen.withLock { $0 } }

    public func score(_ model: Payload) -> Double {
        let answer = model.read { numbers in
            numbers.indices.reduce(Fingerprint().value) { Fingerprint.step($0, UInt64(numbers[$1].bitPattern)) }
        }
        seen.withLock { $0.append(answer) }
        return 0
    }
}
