/// All whom a member knows, itself included, in an order that depends on nothing but what happened.
struct MemberTable {
    /// Into how many parts digests are divided: by the first six bits of the name.
    static let bucketCount = 64

    /// The entries in no order that means anything; one that is taken out is replaced by the last.
    private(set) var entries: [MemberEntry] = []
    private var places: [MemberID: Int] = [:]
    /// The digest of the present members of each part, without their beats, so that it stands still in quiet times.
    private(set) var digests = [UInt64](repeating: 0, count: bucketCount)
    /// How many members are present.
    private(set) var presentCount = 0

    /// The digest of all.
    var digest: UInt64 { digests.reduce(0, ^) }

    /// The part that a name belongs to.
    static func bucket(of id: MemberID) -> Int { Int(id.first >> 58) }

    func place(of id: MemberID) -> Int? { places[id] }

    subscript(place: Int) -> MemberEntry { entries[place] }

    subscript(id: MemberID) -> MemberEntry? { places[id].map { entries[$0] } }

    /// Adds somebody unknown.
    mutating func insert(_ entry: MemberEntry) {
        precondition(places[entry.card.id] == nil, "a member is added to the table that is in it")
        places[entry.card.id] = entries.count
        entries.append(entry)
        count(entry, 1)
    }

    /// Changes an entry, whose name must stay.
    mutating func update(_ place: Int, _ change: (inout MemberEntry) -> Void) {
        count(entries[place], -1)
        change(&entries[place])
        count(entries[place], 1)
    }

    /// Changes what no digest tells of an entry.
    mutating func note(_ place: Int, _ change: (inout MemberEntry) -> Void) {
        change(&entries[place])
    }

    mutating func remove(_ id: MemberID) {
        guard let place = places.removeValue(forKey: id) else { return }
        count(entries[place], -1)
        let last = entries.removeLast()
        guard place < entries.count else { return }
        entries[place] = last
        places[last.card.id] = place
    }

    /// Forgets what the other end of a link knows, whose slot is to be used again.
    mutating func clearSlot(_ slot: Int) {
        for place in entries.indices { entries[place].knownSlots &= ~(1 << UInt64(slot)) }
    }

    /// Takes a member into the digest and the count, or out of them: the same operation on the digest.
    private mutating func count(_ entry: MemberEntry, _ step: Int) {
        guard entry.isPresent else { return }
        presentCount += step
        var word = entry.card.id.first ^ (entry.card.incarnation &* 0x9E37_79B9_7F4A_7C15)
        word = (word ^ (word >> 32)) &* 0xD6E8_FEB8_6659_FD93
        digests[Self.bucket(of: entry.card.id)] ^= word ^ (word >> 32)
    }
}
