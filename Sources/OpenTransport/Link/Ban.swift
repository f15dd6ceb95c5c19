/// How long nobody talks to those who have not kept to the protocol: 60 s, doubling with each breach up to an hour.
struct Ban<Key: Hashable & Sendable>: Sendable {
    private struct Entry: Sendable {
        var end: Int64
        var span: Int64
    }

    private static var first: Int64 { 60 * LinkLimits.second }
    private static var longest: Int64 { 3600 * LinkLimits.second }
    /// More than so many are not remembered; the one that ends first is let go.
    private static var mostEntries: Int { 4096 }

    private var entries: [Key: Entry] = [:]

    /// Counts a breach. - Parameter now: in nanoseconds.
    mutating func add(_ key: Key, now: Int64) {
        var span = Self.first
        // Who has kept to it for as long as the longest ban begins again.
        if let former = entries[key], now < former.end + Self.longest { span = min(2 * former.span, Self.longest) }
        if entries[key] == nil, entries.count >= Self.mostEntries,
            let next = entries.min(by: { $0.value.end < $1.value.end })
        {
            entries[next.key] = nil
        }
        entries[key] = Entry(end: now + span, span: span)
    }

    /// Whether somebody is not to be talked to.
    func contains(_ key: Key, now: Int64) -> Bool { entries[key].map { now < $0.end } ?? false }
}
