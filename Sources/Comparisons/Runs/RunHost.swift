/// What carries a run out.
public enum RunHost: Sendable, Hashable {
    /// `murmur train`: peers on threads of one process.
    case threads
    /// `murmur simulate`: peers in virtual time.
    case simulator
    /// `murmur train` under an MPI launcher, on so many ranks.
    case ranks(Int)

    /// What tells whose seconds those of a table are.
    var clock: String {
        switch self {
        case .threads: "on threads of one machine"
        case .simulator: "in virtual time"
        case .ranks(let count): "over MPI, \(count) ranks"
        }
    }
}
