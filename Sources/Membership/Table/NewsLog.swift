/// Of whom there were news, oldest first, numbered on without end; each link has read it up to a place of its own.
struct NewsLog {
    private static let longest = 16_384
    /// So many are dropped at once, since the rest moves.
    private static let dropped: UInt64 = 256

    private var news: [MemberID] = []
    /// The number of the oldest that is kept.
    private(set) var start: UInt64 = 1
    /// The end as of the last news that should not wait for the next ping.
    private(set) var urgentEnd: UInt64 = 1

    /// The number of the next one.
    var end: UInt64 { start + UInt64(news.count) }

    subscript(number: UInt64) -> MemberID { news[Int(number - start)] }

    /// Adds news of a member and gives them their number.
    mutating func append(_ id: MemberID, isUrgent: Bool) -> UInt64 {
        let number = end
        news.append(id)
        if isUrgent { urgentEnd = end }
        if news.count > Self.longest { forget(before: start + UInt64(Self.longest / 2)) }
        return number
    }

    /// Drops what all links have read.
    mutating func forget(before number: UInt64) {
        guard number >= start + Self.dropped else { return }
        let count = Int(min(number, end) - min(start, number))
        news.removeFirst(count)
        start += UInt64(count)
    }
}
