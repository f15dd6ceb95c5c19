/// How the numbers of a payload travel on a link; the numbers travel, too.
enum PayloadEncoding: UInt8, Sendable {
    /// There are none.
    case none = 0
    /// As they are, in 32 bits.
    case fp32 = 1
    /// The higher 16 bits of each, rounded to nearest, ties to even.
    case bf16 = 2

    /// Its bit among the encodings of a greeting.
    var bit: UInt32 { 1 << UInt32(rawValue) }

    /// How many bytes a number takes.
    var bytesPerNumber: UInt64 {
        switch self {
        case .none: 0
        case .fp32: 4
        case .bf16: 2
        }
    }
}
