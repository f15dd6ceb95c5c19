/// How a peer takes part in an open network. Times are in seconds.
public struct OpenSettings: Sendable {
    /// How the numbers of a model travel, where the other side wants the same; else as fp32.
    public enum Encoding: Sendable, Hashable {
        /// As they are, in 32 bits.
        case fp32
        /// The higher 16 bits of each, rounded to nearest.
        case bf16
    }

    /// Where it listens, see `Seed.init(listening:)`; nil where it only dials.
    public var listen: Seed?
    /// Where others may dial it; with none, at the addresses of this machine.
    public var advertised: [Seed] = []
    /// Where members may be.
    public var seeds: [Seed] = []
    /// How many links it wants.
    public var neighbours = 6
    /// A link on which nothing came for so long is closed.
    public var silenceSeconds = 10.0
    /// What a peer was sent is in doubt for so long after its link broke.
    public var doubtSeconds = 600.0
    /// How it would like models to travel.
    public var encoding = Encoding.fp32
    /// How many bits a second it sends at most; nil for as many as there is room for.
    public var uploadBitsPerSecond: Double?

    /// The usual ones of a peer that listens there.
    public init(listen: Seed?) { self.listen = listen }
}
