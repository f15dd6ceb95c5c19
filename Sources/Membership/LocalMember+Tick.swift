import Randomness

// What it does because time goes by.
extension LocalMember {
    private static let recordsPerPing = 8
    /// Pings with another digest before lists are compared: news that are under way make digests differ, too.
    private static let differingPingsLimit = 20

    mutating func tick() {
        closeSilent()
        suspectTheMissing()
        loseSuspects()
        beatInTime()
        dialSeeds()
        fill()
        swap()
        dialLost()
        prune()
        endLeases()
        compareWhereDue()
        askOthers()
        for place in links.indices { ping(place) }
        news.forget(before: links.map(\.cursor).min() ?? news.end)
    }

    /// Partners that did not come back.
    private mutating func suspectTheMissing() {
        let now = now
        guard returns.contains(where: { $0.deadlineSeconds <= now }) else { return }
        let due = returns.filter { $0.deadlineSeconds <= now }
        returns.removeAll { $0.deadlineSeconds <= now }
        for missing in due { mark(missing.member, .suspect) }
    }

    /// Suspects that did not refute, those apart that are heard.
    private mutating func loseSuspects() {
        let now = now
        guard suspicions.contains(where: { $0.deadlineSeconds <= now }) else { return }
        let due = suspicions.filter { $0.deadlineSeconds <= now }
        suspicions.removeAll { $0.deadlineSeconds <= now }
        for suspicion in due where table[suspicion.id]?.version == suspicion.version {
            mark(suspicion.id, .lost)
        }
    }

    private mutating func beatInTime() {
        guard now >= timers.beatSeconds else { return }
        timers.beatSeconds = now + beatPauseSeconds * (0.9 + 0.2 * stream.uniform())
        beat(isUrgent: false)
    }

    /// Large groups beat more seldom, so that what beats cost each member does not grow with their number.
    private var beatPauseSeconds: Double {
        settings.beatSeconds * max(1, Double(table.presentCount) / 1000)
    }

    /// Loses those whose beats did not come for long, forgets those lost for very long, and is calm again.
    private mutating func endLeases() {
        guard now >= timers.leaseSeconds else { return }
        timers.leaseSeconds = now + settings.silenceSeconds
        let lease = settings.leaseBeats * beatPauseSeconds
        let others = table.entries.indices.dropFirst()
        let ended = others.filter { table.entries[$0].isPresent && now - table.entries[$0].heardSeconds > lease }
        for id in ended.map({ table.entries[$0].card.id }) { mark(id, .lost) }
        let forgotten = others.filter {
            !table.entries[$0].isPresent && now - table.entries[$0].markedSeconds > settings.lostKeptSeconds
        }
        for id in forgotten.map({ table.entries[$0].card.id }) { table.remove(id) }
        asked = asked.filter { now - $0.value.seconds < settings.redialSeconds }
        guard now >= timers.calmSeconds else { return }
        timers.calmSeconds = now + settings.lostDialSeconds
        doubt = max(0, doubt - 1)
    }

    /// Pings a link whose time has come, or for which there are news that should not wait.
    mutating func ping(_ place: Int) {
        let isDue = now - links[place].pingedSeconds >= settings.pingSeconds
        askOn(place)
        let isUrgent = links[place].cursor < news.urgentEnd
        guard isDue || isUrgent && now - links[place].pingedSeconds >= settings.urgentSeconds else { return }
        let link = links[place]
        let records = takeNews(for: place)
        guard isDue || !records.isEmpty else { return }
        links[place].pingedSeconds = now
        let first = Array(records.prefix(Self.recordsPerPing))
        effects.append(.send(.ping(records: first, degree: links.count, digest: table.digest), link.number))
        send(Array(records.dropFirst(Self.recordsPerPing)), on: link)
        if link.differingPings >= Self.differingPingsLimit, id < link.partner {
            links[place].differingPings = 0
            links[place].isComparisonDue = true
        }
    }

    /// The next news for a link: what is still the newest of somebody, and not known at the other end.
    private mutating func takeNews(for place: Int) -> [Record] {
        var records: [Record] = []
        var cursor = max(links[place].cursor, news.start)
        let bit: UInt64 = 1 << UInt64(links[place].slot)
        while cursor < news.end, records.count < Self.recordsPerPing + Self.recordsPerItem {
            defer { cursor += 1 }
            guard let member = table.place(of: news[cursor]) else { continue }
            guard table.entries[member].newsPlace == cursor, table.entries[member].knownSlots & bit == 0
            else { continue }
            let record = table.entries[member].record(atSeconds: now, withCard: false)
            guard record.ageSeconds <= settings.rumourSeconds else { continue }
            records.append(record)
            table.note(member) { $0.knownSlots |= bit }
        }
        links[place].cursor = cursor
        return records
    }
}
