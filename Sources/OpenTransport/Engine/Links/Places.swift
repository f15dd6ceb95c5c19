import Graphs

/// Which member each of a node's numbers stands for: 0 is oneself, 1 to 63 are others. A number stays a member's for as
/// long as what was sent there may be in doubt, and beyond that until another one needs it.
struct Places {
    private struct Place {
        let member: KeyID
        /// Whether a connection is there or about to be.
        var isBusy = true
        /// Whether the node has ever heard of it.
        var isKnown = false
        /// Until when there may be something in doubt; nil where nothing is.
        var doubtEnd: Int64?
        /// When it was last busy.
        var left: Int64 = 0
    }

    private static let numbers = 1..<64

    private let doubt: Int64
    private var places: [Int: Place] = [:]

    /// - Parameter doubt: how long doubt lasts, in nanoseconds.
    init(doubt: Int64) { self.doubt = doubt }

    /// The number for a member that is about to be linked; whether the node has to forget who had it. Nil where there
    /// is none.
    mutating func take(for member: KeyID) -> (place: PeerID, isForgotten: Bool)? {
        if let number = places.first(where: { $0.value.member == member })?.key {
            places[number]?.isBusy = true
            return (PeerID(number), false)
        }
        if let number = Self.numbers.first(where: { places[$0] == nil }) {
            places[number] = Place(member: member)
            return (PeerID(number), false)
        }
        let idle = places.filter { !$0.value.isBusy && $0.value.doubtEnd == nil }
        guard let oldest = idle.min(by: { ($0.value.left, $0.key) < ($1.value.left, $1.key) }) else { return nil }
        places[oldest.key] = Place(member: member)
        return (PeerID(oldest.key), oldest.value.isKnown)
    }

    /// The node was told of a link there.
    mutating func open(_ place: PeerID) {
        places[place.rawValue]?.isKnown = true
        places[place.rawValue]?.doubtEnd = nil
    }

    /// The link there is gone, and there may be something in doubt if it was open.
    mutating func close(_ place: PeerID, wasOpen: Bool, now: Int64) {
        places[place.rawValue]?.isBusy = false
        places[place.rawValue]?.left = now
        if wasOpen { places[place.rawValue]?.doubtEnd = now + doubt }
    }

    /// Nothing is in doubt there any more.
    mutating func settle(_ place: PeerID) { places[place.rawValue]?.doubtEnd = nil }

    /// The next time that a doubt runs out; nil where there is none.
    var nextEnd: Int64? { places.values.compactMap(\.doubtEnd).min() }

    /// Those whose doubts have run out by now, and do so only once.
    mutating func takeEnded(now: Int64) -> [PeerID] {
        let ended = places.filter { ($0.value.doubtEnd ?? .max) <= now }.keys.sorted()
        for number in ended { places[number]?.doubtEnd = nil }
        return ended.map { PeerID($0) }
    }
}
