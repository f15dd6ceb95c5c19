// How two members find out what one of them does not know, by the four forms of SYNC.
extension LocalMember {
    /// Begins a comparison on one link where it is due; one after the other, for what the first one brings need not be
    /// asked of the next.
    mutating func compareWhereDue() {
        guard now >= timers.comparisonSeconds else { return }
        for place in links.indices where links[place].isComparisonDue {
            links[place].isComparisonDue = false
            guard links[place].digest != table.digest else { continue }
            timers.comparisonSeconds = now + settings.comparisonSeconds
            effects.append(.send(.digests(table.digests), links[place].number))
            return
        }
    }

    /// Records in an item at most; and items of requests that are under way on a link.
    static let recordsPerItem = 64
    private static let wantsUnderWayLimit = 4
    private static let listingsPerItem = 1000

    /// The other end's digests: answers with whom it knows where they differ.
    mutating func compare(_ theirs: [UInt64], on link: Link) {
        guard theirs.count == MemberTable.bucketCount else { return }
        let differing = theirs.indices.filter { theirs[$0] != table.digests[$0] }
        let buckets = differing.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
        guard buckets != 0 else { return }
        let known = table.entries.filter { $0.isPresent && buckets.includes(MemberTable.bucket(of: $0.card.id)) }
        // A list in several items covers some parts in each, whole ones.
        var part: (buckets: UInt64, members: [MemberListing]) = (0, [])
        let byBucket = Dictionary(grouping: known) { MemberTable.bucket(of: $0.card.id) }
        for bucket in differing {
            part.buckets |= 1 << UInt64(bucket)
            part.members += (byBucket[bucket] ?? []).map { MemberListing(id: $0.card.id, version: $0.version) }
            if part.members.count >= Self.listingsPerItem || bucket == differing.last {
                effects.append(.send(.versions(buckets: part.buckets, members: part.members), link.number))
                part = (0, [])
            }
        }
    }

    /// Whom the other end knows in some parts: asks for what is newer there, and says what is newer here.
    mutating func compare(_ theirs: [MemberListing], in buckets: UInt64, on link: Link) {
        var listed: [MemberID: MemberVersion] = [:]
        var wants: [Want] = []
        var answers: [Record] = []
        for listing in theirs where listing.id != id {
            listed[listing.id] = listing.version
            guard let place = table.place(of: listing.id) else {
                if !isAsked(listing.id, link) { wants.append(Want(id: listing.id, knownIncarnation: nil)) }
                continue
            }
            if listing.version > table[place].version {
                wants.append(Want(id: listing.id, knownIncarnation: table[place].version.incarnation))
            } else if !table[place].isPresent {
                answers.append(table[place].record(atSeconds: now, withCard: false))
            }
        }
        for entry in table.entries where entry.isPresent && buckets.includes(MemberTable.bucket(of: entry.card.id)) {
            if let version = listed[entry.card.id], version >= entry.version { continue }
            answers.append(entry.record(atSeconds: now, withCard: false))
        }
        send(answers, on: link)
        if let place = links.firstIndex(where: { $0.number == link.number }) {
            links[place].wants += wants.prefix(settings.tableLimit - min(settings.tableLimit, links[place].wants.count))
            askOn(place)
        }
    }

    /// Sends what the other end asked for.
    mutating func answer(_ wants: [Want], on link: Link) {
        let records = wants.compactMap { want in
            table[want.id].map {
                $0.record(atSeconds: now, withCard: want.knownIncarnation != $0.version.incarnation)
            }
        }
        // Also where nothing is known any more: the asker counts answers.
        effects.append(.send(.records(Array(records.prefix(Self.recordsPerItem))), link.number))
    }

    /// Asks the one who spoke of somebody unknown for the card, unless somebody was asked just now.
    mutating func ask(for id: MemberID, _ link: Link) {
        guard !isAsked(id, link), let place = links.firstIndex(where: { $0.number == link.number }) else { return }
        links[place].wants.append(Want(id: id, knownIncarnation: table[id]?.version.incarnation))
    }

    /// Whether somebody was asked for a card just now; if not, this link is, as from now on.
    private mutating func isAsked(_ id: MemberID, _ link: Link) -> Bool {
        if let before = asked[id], now - before.seconds < settings.redialSeconds {
            if before.link != link.number { asked[id]?.other = link.number }
            return true
        }
        asked[id] = CardRequest(link: link.number, seconds: now)
        return false
    }

    /// Asks another link for the cards that the first one was slow to bring.
    mutating func askOthers() {
        guard !asked.isEmpty else { return }
        let now = now
        // In the order of names, for a dictionary has one that differs from run to run.
        let slow = asked.filter { $0.value.other != nil && now - $0.value.seconds >= settings.cardSeconds }
        for (id, request) in slow.sorted(by: { $0.key < $1.key }) {
            asked[id] = nil
            if let other = links.first(where: { $0.number == request.other }) { ask(for: id, other) }
        }
    }

    /// Asks for what is still to be asked for on a link, a few items at a time.
    mutating func askOn(_ place: Int) {
        while !links[place].wants.isEmpty, links[place].wantsUnderWay < Self.wantsUnderWayLimit {
            let wants = Array(links[place].wants.prefix(Self.recordsPerItem))
            links[place].wants.removeFirst(wants.count)
            links[place].wantsUnderWay += 1
            effects.append(.send(.wanted(wants), links[place].number))
        }
    }

    /// Sends records in as many items as they need.
    mutating func send(_ records: [Record], on link: Link) {
        for first in stride(from: 0, to: records.count, by: Self.recordsPerItem) {
            let part = records[first..<min(first + Self.recordsPerItem, records.count)]
            effects.append(.send(.records(Array(part)), link.number))
        }
    }
}

extension UInt64 {
    /// Whether the bit of this place is set.
    fileprivate func includes(_ place: Int) -> Bool { self & (1 << UInt64(place)) != 0 }
}
