import Randomness

// What it makes of what it hears of others.
extension LocalMember {
    /// Takes what a link says of somebody. In a comparison of lists also old marks count, as new suspicions: the one
    /// who is suspected refutes them, and whoever has gone is lost again.
    mutating func take(_ record: Record, from link: Link, isComparison: Bool) {
        guard record.id != id else { return takeOwn(record) }
        guard let place = table.place(of: record.id) else { return takeUnknown(record, from: link) }
        let version = table.entries[place].version
        if record.version.incarnation > version.incarnation {
            guard record.card?.incarnation == record.version.incarnation else { return ask(for: record.id, link) }
            return replace(place, by: record, from: link)
        }
        if record.version == version {
            return table.note(place) { $0.knownSlots |= 1 << UInt64(link.slot) }
        }
        guard record.version > version else {
            // The partner believes what is overtaken by a mark: it has to hear that, and the marked one through it.
            if isComparison, version.standing != .alive {
                effects.append(.send(.records([table[place].record(atSeconds: now, withCard: false)]), link.number))
            }
            return
        }
        if record.version.standing == .alive {
            accept(record, at: place, from: link)
        } else {
            let hasLeft = hasLeft(table[place], isComparison: isComparison)
            mark(place, record, from: link, isComparison: isComparison, hasLeft: hasLeft)
        }
    }

    /// Whether somebody who is said to be lost has left by its own will: whoever is silent is suspected for long before
    /// that. Nil where it may have happened some time ago.
    private func hasLeft(_ entry: MemberEntry, isComparison: Bool) -> Bool? {
        guard entry.version.standing == .suspect else { return isComparison ? nil : true }
        return now - entry.markedSeconds < settings.suspectSeconds / 2
    }

    /// A mark of itself is refuted.
    private mutating func takeOwn(_ record: Record) {
        guard record.version.incarnation == own.version.incarnation else {
            if record.version.incarnation > own.version.incarnation { effects.append(.tell(.replacedElsewhere)) }
            return
        }
        // A mark of a beat that never was is a byzantine member's: it is refuted no less, and moves the beat no more.
        if record.version.standing != .alive, record.version.beat >= own.version.beat {
            raiseDoubt()
            beat()
        }
    }

    private mutating func takeUnknown(_ record: Record, from link: Link) {
        guard record.version.standing != .lost else { return }
        guard let card = record.card, card.incarnation == record.version.incarnation else {
            return ask(for: record.id, link)
        }
        guard makeRoom() else { return }
        asked[record.id] = nil
        table.insert(entry(record, card))
        let place = table.entries.count - 1
        changed(place, knownTo: link, isUrgent: true)
        if record.version.standing == .suspect { watch(place) }
        effects.append(.tell(.appeared(record.id)))
    }

    private mutating func replace(_ place: Int, by record: Record, from link: Link) {
        guard let card = record.card, record.version.standing != .lost else { return }
        asked[record.id] = nil
        let entry = entry(record, card)
        table.update(place) { $0 = entry }
        changed(place, knownTo: link, isUrgent: true)
        if record.version.standing == .suspect { watch(place) }
        effects.append(.tell(.appeared(record.id)))
    }

    private func entry(_ record: Record, _ card: Card) -> MemberEntry {
        MemberEntry(
            card: card, version: record.version, reachability: record.reachability, signature: record.signature,
            markedSeconds: now - record.ageSeconds, heardSeconds: now)
    }

    /// Makes room for one more where the table is full and somebody in it is lost.
    private mutating func makeRoom() -> Bool {
        if table.entries.count < settings.tableLimit { return true }
        let oldest = table.entries.filter { !$0.isPresent }.min { $0.markedSeconds < $1.markedSeconds }
        guard let oldest else { return false }
        table.remove(oldest.card.id)
        return true
    }

    /// A newer beat.
    private mutating func accept(_ record: Record, at place: Int, from link: Link) {
        let before = table[place].version.standing
        let now = now
        table.update(place) {
            $0.version = record.version
            $0.reachability = record.reachability
            $0.signature = record.signature
            $0.heardSeconds = now
        }
        changed(place, knownTo: link, isUrgent: before != .alive)
        guard before != .alive else { return }
        effects.append(.tell(.returned(record.id)))
        if before == .lost {
            table.note(place) {
                $0.avoidedUntilSeconds = 0
                $0.returnedSeconds = now
            }
            // The group was in pieces: links should soon lead everywhere again.
            if now >= timers.healedUntilSeconds {
                timers.swapSeconds = min(timers.swapSeconds, now + settings.healedSwapSeconds * stream.uniform())
            }
            timers.healedUntilSeconds = now + settings.healedSeconds
        }
    }

    /// A newer opinion that somebody is not there.
    private mutating func mark(
        _ place: Int, _ record: Record, from link: Link?, isComparison: Bool, hasLeft: Bool?
    ) {
        var version = record.version
        var ageSeconds = record.ageSeconds
        // Nobody has signed a mark, so it speaks of no beat that has not come: one that is made up could never be
        // refuted.
        version.beat = min(version.beat, table[place].version.beat)
        if ageSeconds > settings.rumourSeconds {
            guard isComparison else { return }
            (version.standing, ageSeconds) = (.suspect, 0)
        }
        // Whom one hears is not gone, but has to hear what is said of it.
        if version.standing == .lost, links.contains(where: { $0.partner == record.id }) {
            (version.standing, ageSeconds) = (.suspect, 0)
        }
        guard version > table[place].version else { return }
        let markedSeconds = now - ageSeconds
        table.update(place) {
            $0.version = version
            $0.markedSeconds = markedSeconds
        }
        changed(place, knownTo: version == record.version ? link : nil, isUrgent: true)
        if version.standing == .lost {
            effects.append(.tell(.lost(record.id, hasLeft: hasLeft)))
        } else {
            watch(place)
            effects.append(.tell(.suspected(record.id)))
        }
    }

    /// Its own opinion that somebody is not there, who may have said that it goes.
    mutating func mark(_ id: MemberID, _ standing: Standing, hasLeft: Bool = false) {
        guard let place = table.place(of: id) else { return }
        var version = table[place].version
        if version.standing == .suspect, standing == .suspect, !suspicions.contains(where: { $0.id == id }) {
            // It was heard when its time ran out, and now it is not.
            return watch(place)
        }
        guard version.standing < standing else { return }
        version.standing = standing
        let record = Record(
            id: id, version: version, reachability: .unknown, ageSeconds: 0, card: nil, signature: [])
        mark(place, record, from: nil, isComparison: false, hasLeft: hasLeft)
    }

    /// Counts the seconds until a suspect is lost.
    private mutating func watch(_ place: Int) {
        let entry = table[place]
        let patience = settings.suspectSeconds * Double(1 + doubt)
        suspicions.append((id: entry.card.id, version: entry.version, deadlineSeconds: now + patience))
    }

    /// Has all links told of a member, but for those that know it.
    mutating func changed(_ place: Int, knownTo link: Link?, isUrgent: Bool) {
        let number = news.append(table[place].card.id, isUrgent: isUrgent)
        table.note(place) {
            $0.newsPlace = number
            $0.knownSlots = link.map { 1 << UInt64($0.slot) } ?? 0
        }
    }
}
