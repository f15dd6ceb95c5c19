import Gossip
public import Graphs
import Randomness

/// How long a peer takes for the gradient of a step, in seconds: a pure function of peer, step and seed, so that no
/// other event of a run shifts it.
public struct ComputeTime: Sendable, Hashable {
    /// How the times of one peer vary from step to step, before they are multiplied by the peer's factor.
    public enum Shape: Sendable, Hashable {
        /// Always as long.
        case constant(seconds: Double)
        /// Normal around a mean, with a standard deviation that is a share of it; draws below 0 are drawn again.
        case normal(meanSeconds: Double, spread: Double)
        /// Measured seconds, one for each step, that begin again behind the last.
        case trace([Double])
    }

    /// The times of a peer whose factor is 1.
    public let shape: Shape
    /// How many times slower than the others some peers are.
    public let factors: [PeerID: Double]

    /// Times may not be below 0, factors must be above it, and a trace must not be empty.
    public init(_ shape: Shape, factors: [PeerID: Double] = [:]) {
        let times: [Double] =
            switch shape {
            case .constant(let seconds): [seconds]
            case .normal(let mean, let spread): [mean, spread]
            case .trace(let seconds): seconds
            }
        precondition(!times.isEmpty, "a trace of compute times is empty")
        precondition(times.allSatisfy { $0 >= 0 && $0.isFinite }, "compute times \(times)")
        precondition(factors.values.allSatisfy { $0 > 0 && $0.isFinite }, "factors \(factors)")
        self.shape = shape
        self.factors = factors
    }

    /// How long that peer's gradient takes; steps count from 0.
    public func seconds(peer: PeerID, step: UInt64, seed: UInt64) -> Double {
        let factor = factors[peer] ?? 1
        switch shape {
        case .constant(let seconds): return factor * seconds
        case .trace(let seconds): return factor * seconds[Int(step % UInt64(seconds.count))]
        case .normal(let mean, let spread):
            guard mean > 0, spread > 0 else { return factor * mean }
            var random = RandomStream(seed: seed, purpose: .compute, peer: peer.rawValue, round: step)
            return factor * random.normal(mean: mean, deviation: spread * mean)
        }
    }
}
