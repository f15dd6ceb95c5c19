public import Runtime
import Synchronization
public import Vectors

/// Keeps what a peer has shown: one number for each look at its vector, which depends on every bit of it.
public final class Gallery: Scorer {
    private let seen = Mutex<[UInt64]>([])

    public init() {}

    public var answers: [UInt64] { seen.withLock { $0 } }

    public func score(_ model: Payload) -> Double {
        let answer = model.read { numbers in
            var digest: UInt64 = 0xcbf2_9ce4_8422_2325
            for index in numbers.indices {
                digest = (digest ^ UInt64(numbers[index].bitPattern)) &* 0x100_0000_01b3
            }
            return digest
        }
        seen.withLock { $0.append(answer) }
        return 0
    }
}
