import CMurmur

/// What a caller of the C interface is told: a status, and one sentence without a full stop.
struct BridgeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, by the statuses of `murmur.h`.
    enum Kind: Sendable, Hashable {
        case invalid, closed, wrongThread, forked, outOfTurn, mismatch, unreachable, abandoned, state, system
        /// One of the caller's own functions has failed.
        case callback

        /// The status of `murmur.h`.
        var status: Int32 {
            let status =
                switch self {
                case .invalid: MURMUR_INVALID
                case .closed: MURMUR_CLOSED
                case .wrongThread: MURMUR_WRONG_THREAD
                case .forked: MURMUR_FORKED
                case .outOfTurn: MURMUR_OUT_OF_TURN
                case .mismatch: MURMUR_MISMATCH
                case .unreachable: MURMUR_UNREACHABLE
                case .abandoned: MURMUR_ABANDONED
                case .state: MURMUR_STATE
                case .system: MURMUR_SYSTEM
                case .callback: murmur_status(MURMUR_CALLBACK.rawValue)
                }
            return Int32(status.rawValue)
        }
    }

    let kind: Kind
    let description: String

    init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        description = sentence
    }
}
