import Configuration

/// A conservation law: the shares that peers hold, plus what undelivered messages carry, plus what was lost with peers
/// that died, is always `total`.
public struct Invariant: Sendable, Hashable {
    /// What is conserved; laws of one name belong together across peers.
    public let name: String
    /// The sum over everything.
    public let total: Double
    /// This peer's share now.
    public let held: Double
    /// How far float64 rounding may carry the sum.
    public let tolerance: Double

    /// The tolerance is absolute, and by default that of a total near 1.
    public init(name: String, total: Double, held: Double, tolerance: Double = 1e-12) {
        self.name = name
        self.total = total
        self.held = held
        self.tolerance = tolerance
    }

    /// The name of the law whose share in a message is its metadata's weight.
    public static let mass = "mass"
}
