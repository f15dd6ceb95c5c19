/// The first bytes that both ends of a new connection say: who they are, and whether they take each other.
///
/// 16 bytes, little-endian: the letters `MURP`, the version of what is spoken and the answer in two bytes each, the
/// rank and how many there are in four.
struct ProcessHandshake: Sendable, Hashable {
    /// What is said of the other end.
    enum Answer: UInt16 {
        /// Said by who dials, who knows nothing of it yet, and by who takes it.
        case welcome = 0
        case refused = 1
    }

    static let byteCount = 16
    static let version: UInt16 = 1
    private static let magic = Array("MURP".utf8)

    var version = ProcessHandshake.version
    var answer = Answer.welcome
    let rank: Int
    let ranks: Int

    init(rank: Int, of ranks: Int, answer: Answer = .welcome) {
        (self.rank, self.ranks, self.answer) = (rank, ranks, answer)
    }

    /// Nil where the bytes are no handshake.
    init?(encoded bytes: [UInt8]) {
        guard bytes.count == Self.byteCount, bytes.starts(with: Self.magic) else { return nil }
        func number(_ places: Range<Int>) -> Int { places.reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) } }
        guard let answer = Answer(rawValue: UInt16(number(6..<8))) else { return nil }
        version = UInt16(number(4..<6))
        self.answer = answer
        (rank, ranks) = (number(8..<12), number(12..<16))
    }

    var encoded: [UInt8] {
        func bytes(_ number: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        return Self.magic + bytes(Int(version), 2) + bytes(Int(answer.rawValue), 2) + bytes(rank, 4) + bytes(ranks, 4)
    }
}
