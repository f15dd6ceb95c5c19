import Randomness

// Whom it dials, and what becomes of that.
extension LocalMember {
    /// The places of those that may be dialed now: alive, with an address, without a link or an attempt under way.
    /// Those that are known to be reachable, where there are any.
    func candidates() -> [Int] {
        var (reachable, untried): ([Int], [Int]) = ([], [])
        let busy = Set(links.map(\.partner) + dials.compactMap(\.member) + [id])
        let now = now
        for place in table.entries.indices where table.entries[place].mayBeDialed(atSeconds: now) {
            guard !busy.contains(table.entries[place].card.id) else { continue }
            if table.entries[place].reachability == .reachable {
                reachable.append(place)
            } else {
                untried.append(place)
            }
        }
        return reachable.isEmpty ? untried : reachable
    }

    /// Dials as many as links are missing.
    mutating func fill() {
        let isPoor = links.count < settings.lowLinks
        guard isPoor || now >= timers.fillSeconds else { return }
        // A partner that may still come back counts, unless links are few.
        let expected = dials.count { $0.purpose == .fill } + (isPoor ? 0 : returns.count)
        let missing = settings.wantedLinks - links.count - expected
        guard missing > 0 else { return }
        timers.fillSeconds = now + settings.pingSeconds
        var places = candidates()
        for _ in 0..<min(missing, places.count) {
            let index = stream.integer(below: places.count)
            dial(table[places.remove(at: index)], .fill)
        }
    }

    /// Dials its seeds for as long as it has no link, ever more seldom.
    mutating func dialSeeds() {
        guard links.isEmpty, now >= timers.seedSeconds, !settings.seeds.isEmpty else { return }
        guard !dials.contains(where: { $0.purpose == .seed }) else { return }
        if !hasJoined, timers.seedPauseSeconds > settings.seedSeconds { effects.append(.tell(.waitsForSeeds)) }
        timers.seedSeconds = now + timers.seedPauseSeconds
        timers.seedPauseSeconds = min(settings.longSeedSeconds, 2 * timers.seedPauseSeconds)
        var seeds = settings.seeds
        stream.shuffle(&seeds)
        for seed in seeds.prefix(settings.wantedLinks) { dial([seed], nil, .seed) }
    }

    /// Dials somebody new now and then, so that the graph of links stays a random one.
    mutating func swap() {
        guard now >= timers.swapSeconds else { return }
        let pause = now < timers.healedUntilSeconds ? settings.healedSwapSeconds : settings.swapSeconds
        timers.swapSeconds = now + pause * (0.75 + 0.5 * stream.uniform())
        var places = candidates()
        if now < timers.healedUntilSeconds, lacksReturned() {
            let returned = places.filter { isReturned(table[$0]) }
            if !returned.isEmpty { places = returned }
        }
        guard !places.isEmpty else { return }
        dial(table[places[stream.integer(below: places.count)]], .swap)
    }

    private func isReturned(_ entry: MemberEntry) -> Bool {
        now - entry.returnedSeconds < 2 * settings.healedSeconds
    }

    /// Whether fewer of its partners than of all members are such as were lost for a while: the other part of a group
    /// that is whole again.
    private func lacksReturned() -> Bool {
        let all = table.entries.count { $0.isPresent && isReturned($0) }
        let mine = links.count { table[$0.partner].map(isReturned) ?? false }
        return mine * table.presentCount < all * links.count
    }

    /// Dials one of the lost now and then, or a seed that nobody it knows has: so the parts of a group find together
    /// again, also where one of them has none left who knew the other.
    mutating func dialLost() {
        guard now >= timers.lostDialSeconds else { return }
        let pause = links.isEmpty ? settings.lonelyDialSeconds : settings.lostDialSeconds
        timers.lostDialSeconds = now + pause * (0.75 + 0.5 * stream.uniform())
        let places = table.entries.indices.filter { place in
            let entry = table[place]
            return !entry.isPresent && entry.isDialable && place != 0
                && !dials.contains { $0.member == entry.card.id }
        }
        let strangers = settings.seeds.filter { seed in
            !table.entries.contains { $0.isPresent && $0.card.addresses.contains(seed) }
        }
        guard !places.isEmpty || !strangers.isEmpty else { return }
        let choice = stream.integer(below: places.count + strangers.count)
        if choice < places.count {
            dial(table[places[choice]], .lost)
        } else if !links.isEmpty {
            dial([strangers[choice - places.count]], nil, .lost)
        }
    }

    mutating func dial(_ entry: MemberEntry, _ purpose: Dial.Purpose) {
        dial(entry.card.addresses, entry.card.id, purpose)
    }

    private mutating func dial(_ addresses: [MemberAddress], _ member: MemberID?, _ purpose: Dial.Purpose) {
        dials.append(Dial(attempt: nextAttempt, member: member, purpose: purpose))
        effects.append(.dial(attempt: nextAttempt, addresses))
        nextAttempt += 1
    }

    /// The dial of this number, which has ended.
    mutating func takeDial(_ attempt: UInt64) -> Dial? {
        guard let place = dials.firstIndex(where: { $0.attempt == attempt }) else { return nil }
        return dials.remove(at: place)
    }

    mutating func dialFailed(_ attempt: UInt64) {
        guard let dial = takeDial(attempt), let member = dial.member, let place = table.place(of: member) else {
            return
        }
        avoid(place)
    }

    /// Leaves somebody alone for a while.
    mutating func avoid(_ place: Int) {
        let until = now + settings.failedDialSeconds
        table.note(place) { $0.avoidedUntilSeconds = until }
    }
}
