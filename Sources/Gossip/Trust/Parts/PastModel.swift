/// The model of some time ago, by which a peer that waits for nobody sees how far one moves in that time: others may be
/// as far away as they are behind.
struct PastModel: Sendable, Codable {
    private static let recent = Vector.named(20)
    private static let old = Vector.named(21)
    /// Steps between two copies: the old one is one to two such spans old.
    private static let span: UInt64 = 16

    private var copies: UInt64 = 0

    /// The model of 16 to 32 steps ago; nil until there is one.
    var vector: Vector? { copies > 1 ? Self.old : nil }

    /// Copies the model when it is time to.
    mutating func advance(to step: UInt64, _ effects: inout Effects) {
        guard step % Self.span == 0 else { return }
        effects.combine(into: Self.old, Term(1, Self.recent))
        effects.combine(into: Self.recent, Term(1, .model))
        copies += 1
    }
}
