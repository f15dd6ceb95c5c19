public import Gossip
public import Graphs

/// Links of a limited bandwidth, one for each ordered pair of peers: a frame waits until the link is free and then
/// occupies it for as long as its bytes take.
///
/// Only links that are busy are kept, so a network of any size costs nothing until it is used.
public struct Links: Sendable, Hashable {
    /// What a link carries, in bits a second; nil without a limit.
    public let bitsPerSecond: Double?
    private(set) var busyUntil: [Link: Time] = [:]
    /// How many links are kept before those that have fallen idle are swept out.
    private var limit = 64

    struct Link: Hashable, Comparable, Codable {
        let from: PeerID
        let to: PeerID

        static func < (a: Link, b: Link) -> Bool { (a.from, a.to) < (b.from, b.to) }
    }

    /// Links that carry so many bits a second each; nil or 0 stands for no limit.
    public init(bitsPerSecond: Double? = nil) {
        if let bitsPerSecond {
            precondition(bitsPerSecond >= 0, "a link cannot carry \(bitsPerSecond) bit/s")
        }
        self.bitsPerSecond = bitsPerSecond == 0 ? nil : bitsPerSecond
    }

    /// When the last bit of a frame has left its sender, who hands it to the link now; the link is busy until then.
    ///
    /// `now` must not lie before that of an earlier call, and the frame must be sendable in 30 years.
    public mutating func departure(from: PeerID, to: PeerID, byteCount: Int, now: Time) -> Time {
        guard let bitsPerSecond else { return now }
        let link = Link(from: from, to: to)
        let seconds = Double(byteCount) * 8 / bitsPerSecond
        precondition(seconds < 1e9, "\(byteCount) bytes take \(seconds) s at \(bitsPerSecond) bit/s")
        func occupy(_ busy: inout Time) -> Time {
            busy = max(now, busy) + seconds
            return busy
        }
        // Looked up once.
        let end = occupy(&busyUntil[link, default: now])
        sweep(now: now)
        return end
    }

    /// Forgets idle links when there are many, and then waits until there are twice as many as are left.
    private mutating func sweep(now: Time) {
        guard busyUntil.count > limit else { return }
        busyUntil = busyUntil.filter { $0.value > now }
        limit = max(64, 2 * busyUntil.count)
    }
}

/// Saved as a list in order, so that equal links are equal bytes.
extension Links: Codable {
    private struct Saved: Codable {
        struct Busy: Codable {
            let link: Link
            let until: Time
        }
        let bitsPerSecond: Double?
        let limit: Int
        let busy: [Busy]
    }

    public init(from decoder: any Decoder) throws {
        let saved = try Saved(from: decoder)
        self.init(bitsPerSecond: saved.bitsPerSecond)
        limit = saved.limit
        busyUntil = Dictionary(saved.busy.map { ($0.link, $0.until) }, uniquingKeysWith: { _, last in last })
    }

    public func encode(to encoder: any Encoder) throws {
        let busy = busyUntil.sorted { $0.key < $1.key }.map { Saved.Busy(link: $0.key, until: $0.value) }
        try Saved(bitsPerSecond: bitsPerSecond, limit: limit, busy: busy).encode(to: encoder)
    }
}
