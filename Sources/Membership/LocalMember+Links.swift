import Randomness

// How links begin, go on and end.
extension LocalMember {
    mutating func opened(_ number: LinkNumber, _ attempt: UInt64?, _ greeting: Greeting) {
        let dial = attempt.flatMap { takeDial($0) }
        let partner = greeting.record.id
        guard partner != id else { return effects.append(.close(number, .oneself)) }
        guard makeWay(number, isDialed: attempt != nil, greeting.record) else { return }
        let slot = freeSlot()
        guard let slot, attempt != nil || hasRoom(greeting) else { return refuse(number) }
        table.clearSlot(slot)
        let link = Link(
            number: number, partner: partner, isDialed: attempt != nil, slot: slot, openedSeconds: now,
            heardSeconds: now, pingedSeconds: now - settings.pingSeconds * stream.uniform(), cursor: news.end,
            degree: greeting.degree, digest: greeting.digest, isComparisonDue: attempt != nil)
        links.append(link)
        returns.removeAll { $0.member == partner }
        if dial?.purpose == .swap { timers.swapsToPrune += 1 }
        take(greeting.record, from: link, isComparison: true)
        compareWhereDue()
    }

    /// Of two connections to the same partner one stays: that which the lower name dialed, or the newer of one dialer.
    /// Says whether it is this one.
    private mutating func makeWay(_ number: LinkNumber, isDialed: Bool, _ record: Record) -> Bool {
        guard let old = links.first(where: { $0.partner == record.id }) else { return true }
        let isLowersOwn = isDialed == (id < record.id)
        // The old link of a partner that was started again leads nowhere.
        let isRestarted = record.version.incarnation > table[record.id]?.version.incarnation ?? 0
        guard isLowersOwn || isDialed == old.isDialed || isRestarted else {
            effects.append(.close(number, .duplicate))
            return false
        }
        drop(old.number)
        effects.append(.close(old.number, .duplicate))
        return true
    }

    private func freeSlot() -> Int? {
        (0..<settings.acceptedLonelyLinks).first { slot in !links.contains { $0.slot == slot } }
    }

    private func hasRoom(_ greeting: Greeting) -> Bool {
        links.count < (greeting.degree == 0 ? settings.acceptedLonelyLinks : settings.acceptedLinks)
    }

    /// Closes a link that there is no room for, and names others.
    private mutating func refuse(_ number: LinkNumber) {
        var others = candidates()
        stream.shuffle(&others)
        let now = now
        effects.append(
            .send(.refusal(records: others.prefix(8).map { table[$0].record(atSeconds: now, withCard: true) }), number))
        effects.append(.close(number, .full))
    }

    /// Forgets a link.
    mutating func drop(_ number: LinkNumber) {
        links.removeAll { $0.number == number }
        for (id, request) in asked where request.link == number {
            asked[id] = request.other.map { CardRequest(link: number, seconds: -.infinity, other: $0) }
        }
    }

    mutating func closed(_ number: LinkNumber, _ reason: CloseReason) {
        guard let link = links.first(where: { $0.number == number }) else { return }
        drop(number)
        switch reason {
        case .silence, .broken: awaitReturn(of: link.partner)
        case .full: table.place(of: link.partner).map { avoid($0) }
        case .left: mark(link.partner, .lost, hasLeft: true)
        case .duplicate, .pruned, .oneself: break
        }
    }

    /// Dials a partner whose link broke once more, if it can be dialed; either way it has a while to come back.
    private mutating func awaitReturn(of partner: MemberID) {
        guard let entry = table[partner], entry.isPresent else { return }
        returns.append(PendingReturn(member: partner, deadlineSeconds: now + settings.redialSeconds))
        if entry.isDialable, !dials.contains(where: { $0.member == partner }) { dial(entry, .redial) }
    }

    /// Closes the links on which nothing came for too long.
    mutating func closeSilent() {
        let now = now
        guard links.contains(where: { now - $0.heardSeconds >= settings.silenceSeconds }) else { return }
        let silent = links.filter { now - $0.heardSeconds >= settings.silenceSeconds }
        // Where most are silent at once it is rather its own cable.
        if silent.count > 1, silent.count * 2 > links.count { raiseDoubt() }
        for link in silent {
            drop(link.number)
            effects.append(.close(link.number, .silence))
            awaitReturn(of: link.partner)
        }
    }

    /// Lets go of one link where there are too many, or one was opened in exchange: one that its other end can spare.
    mutating func prune() {
        guard now >= timers.pruneSeconds else { return }
        guard links.count > settings.wantedLinks else {
            timers.swapsToPrune = 0
            return
        }
        let isCrowded = links.count > settings.highLinks
        guard isCrowded || timers.swapsToPrune > 0 else { return }
        timers.pruneSeconds = now + settings.pingSeconds
        // A link as young as this one may be the one that was opened in exchange.
        let spare = links.filter {
            $0.degree > settings.wantedLinks && now - $0.openedSeconds > settings.silenceSeconds
        }
        if !isCrowded { timers.swapsToPrune -= 1 }
        guard !spare.isEmpty else { return }
        let link = spare[stream.integer(below: spare.count)]
        drop(link.number)
        effects.append(.close(link.number, .pruned))
    }

    /// Changes a link that something came on.
    mutating func note(_ number: LinkNumber, _ change: (inout Link) -> Void) {
        guard let place = links.firstIndex(where: { $0.number == number }) else { return }
        links[place].heardSeconds = now
        change(&links[place])
    }

    mutating func received(_ item: MembershipItem, _ number: LinkNumber) {
        note(number) { _ in }
        guard let link = links.first(where: { $0.number == number }) else { return }
        let before = news.urgentEnd
        take(item, from: link)
        if let place = links.firstIndex(where: { $0.number == number }) { askOn(place) }
        if news.urgentEnd > before { for place in links.indices { ping(place) } }
        if case .refusal = item { return }
        joined(through: link)
    }

    private mutating func take(_ item: MembershipItem, from link: Link) {
        switch item {
        case .ping(let records, let degree, let digest):
            for record in records { take(record, from: link, isComparison: false) }
            let isEqual = digest == table.digest
            note(link.number) {
                $0.degree = degree
                $0.digest = digest
                $0.differingPings = isEqual ? 0 : $0.differingPings + 1
            }
        case .refusal(let records):
            for record in records { take(record, from: link, isComparison: false) }
        case .records(let records):
            note(link.number) { $0.wantsUnderWay = max(0, $0.wantsUnderWay - 1) }
            for record in records { take(record, from: link, isComparison: true) }
        case .digests(let digests): compare(digests, on: link)
        case .versions(let buckets, let members): compare(members, in: buckets, on: link)
        case .wanted(let wants): answer(wants, on: link)
        }
    }

    mutating func admitted(_ number: LinkNumber) {
        note(number) { _ in }
        if let link = links.first(where: { $0.number == number }) { joined(through: link) }
    }

    /// It has joined when a partner has said more than that it has no room.
    private mutating func joined(through link: Link) {
        guard !hasJoined else { return }
        hasJoined = true
        timers.seedPauseSeconds = settings.seedSeconds
        effects.append(.tell(.joined(through: link.partner)))
        effects.append(.askDialBack(link.number))
    }
}
