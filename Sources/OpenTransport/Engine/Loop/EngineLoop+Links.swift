import Graphs
import Membership
import Runtime

// What links ask for, and how they end.
extension EngineLoop {
    func tick(_ link: EngineLink) {
        if case .draining(let end) = link.stage {
            if now >= end { remove(link) }
            return
        }
        if now >= link.greetingDeadline, case .secured = link.stage { return finish(link, .late) }
        if let retirement = link.retirement, link.places.isQuiet || now >= retirement {
            return end(link, saying: .spare)
        }
        // Who only asks has time to hear the answer.
        if link.isOpen, !link.isCounted, link.openPeer == nil, now - link.openedAt > limits.asking {
            return end(link, saying: .spare)
        }
        // Who takes nothing for as long as a payload may stand still is not waited for.
        if link.needsWriting, now - link.wroteAt > LinkLimits().slowestWindow { return lose(link) }
        guard let deadline = link.state.nextDeadline, now >= deadline else { return }
        carryOut(link.state.handle(.tick, now: now), link)
    }

    func carryOut(_ effects: [LinkEffect], _ link: EngineLink) {
        for effect in effects {
            switch effect {
            case .send(let item): link.outgoing.append(item.encoded)
            case .sendPayload(let frame): link.frames.release(frame)
            case .open(let theirs, _): opened(link, theirs)
            case .pass(let item): received(item, link)
            case .deliver(let frame, let opening), .admit(let frame, let opening): announced(frame, opening, link)
            case .take(let frame, let bytes, let isLast): take(bytes, of: frame, isLast: isLast, link)
            case .took(let frame, let count, let isLast): took(count, of: frame, isLast: isLast, link)
            case .breach(let breach): ban(link, breach)
            case .close(let end): finish(link, end)
            }
        }
        // Once this end has said its last word, nobody counts on the link any more.
        if case .closing(let end) = link.state.phase { closed(link, end) }
    }

    /// Both ends have greeted.
    private func opened(_ link: EngineLink, _ theirs: Hello) {
        link.theirs = theirs
        link.greetingDeadline = .max
        link.openedAt = now
        guard run != nil else { return queue(Item(number: 0, content: .experiment("")), link) }
        guard !theirs.isEnquiry, let peer = link.peer, let place = link.place else { return }
        let difference = Int64(clamping: theirs.time) - clock.unixSeconds()
        if abs(difference) > EngineLimits.mostClockSeconds {
            tell(.clockDiffers(seconds: difference, from: peer))
        }
        guard let records = try? book.checked([theirs.record], member, now: clock.unixSeconds()),
            let record = records.first, record.id == peer.member, record.version.standing == .alive,
            let greeting = LinkSession.Greeting(theirs.session), let session = link.session
        else { return breach(link, .greeting) }
        let number = min(max(UInt32(clamping: session.number), greeting.number), .max - 1) + 1
        link.isCounted = true
        let attempt = link.attempt
        link.attempt = nil
        let degree = Greeting(record: record, degree: Int(theirs.degree), digest: theirs.digest)
        tell(.opened(link.linkNumber, attempt: attempt, degree))
        // Membership may have no use for it.
        guard link.isOpen, !link.isOver, link.isCounted else { return }
        link.openPeer = PeerNumber(place: place, session: number)
        places.open(place)
        hear(.opened(place, greeting, LinkPeer(id: peer, address: link.address.text)))
        sendRevocationCount(link)
    }

    // MARK: Ends

    /// Ends a link with a word why.
    func end(_ link: EngineLink, saying reason: ShutdownReason) {
        guard case .greeted = link.stage else { return finish(link, .ended(reason)) }
        if link.isOpen { link.control.moveAll(to: &link.outgoing) }
        carryOut(link.state.handle(.ended(reason), now: now), link)
    }

    /// Ends a link for which there is no room, and names others.
    func refuse(_ link: EngineLink) {
        let notice = RefusalNotice(
            code: Refusal.full.rawValue, sentence: Refusal.full.description, cards: link.refusalCards)
        carryOut(link.state.handle(.refused(notice), now: now), link)
    }

    /// Ends a link whose other end does not hear any more.
    func lose(_ link: EngineLink) {
        link.isBroken = true
        guard case .greeted = link.stage else { return finish(link, .broken) }
        carryOut(link.state.handle(.disconnected, now: now), link)
    }

    func breach(_ link: EngineLink, _ breach: Breach) {
        guard case .greeted = link.stage else {
            ban(link, breach)
            return finish(link, .breach(breach))
        }
        carryOut(link.state.handle(.breached(breach), now: now), link)
    }

    private func ban(_ link: EngineLink, _ breach: Breach) {
        guard let peer = link.peer else { return }
        bans.add(peer, now: now)
        tell(.breach("\(breach)", of: peer))
    }

    /// A link is over but for its last bytes.
    func finish(_ link: EngineLink, _ end: LinkEnd) {
        guard !link.isOver else { return }
        link.stage = .draining(end: now + limits.draining)
        link.mayHoldMore = false
        if link.isBroken { link.outgoing = OutgoingBytes() }
        if link.outgoing.isEmpty { link.socket.shutDownWriting() }
        switch end {
        case .refusedByPeer(let notice): refused(link, notice)
        case .refused(let notice):
            // Where the two do not fit neither lets the other in; who has dialed wanted to.
            let refusal = Refusal(rawValue: notice.code) ?? .malformed
            if link.isDialed, refusal.isMutual {
                tell(.notAdmitted(refusal, by: link.name))
            } else if refusal != .full {
                tell(.refused(refusal, whom: link.name))
            }
        case .ended, .endedByPeer, .broken, .late, .breach: break
        }
        closed(link, end)
    }

    /// Tells all who count on a link that it is over, once.
    private func closed(_ link: EngineLink, _ end: LinkEnd) {
        let wasOpen = link.openPeer != nil
        link.openPeer = nil
        if let place = link.place {
            link.place = nil
            places.close(place, wasOpen: wasOpen, now: now)
            if wasOpen {
                hear(.closed(place, reason: end.text))
                // Who has left handles nothing more.
                if end.hasLeft {
                    places.settle(place)
                    hear(.doubtOver(place))
                }
            }
        }
        letGo(link)
        if link.isCounted {
            link.isCounted = false
            tell(.closed(link.linkNumber, end.closeReason))
        }
        if let attempt = link.attempt {
            link.attempt = nil
            tell(.dialFailed(attempt: attempt))
        }
        if case .dialBack(let asker) = link.purpose { answerDialBack(asker, isReached: false) }
    }

    /// The other end does not let this one in.
    private func refused(_ link: EngineLink, _ notice: RefusalNotice) {
        let refusal = Refusal(rawValue: notice.code) ?? .malformed
        guard refusal == .full else { return tell(.notAdmitted(refusal, by: link.name)) }
        guard let cards = try? book.checked(notice.cards, member, now: clock.unixSeconds()), link.isCounted else {
            return
        }
        tell(.received(.refusal(records: cards), link.linkNumber))
    }

    func remove(_ link: EngineLink) {
        links.removeAll { $0 === link }
    }
}

extension LinkEnd {
    /// For people, a few words.
    var text: String {
        switch self {
        case .ended(let reason): "closed here: \(reason)"
        case .endedByPeer(let reason): "closed by the other side: \(reason)"
        case .refused(let notice), .refusedByPeer(let notice): notice.sentence
        case .broken: "the connection broke"
        case .late: "the other side took too long"
        case .breach(let breach): "\(breach)"
        }
    }

    /// Whether the other end's run is over.
    fileprivate var hasLeft: Bool { self == .endedByPeer(.leaving) || self == .endedByPeer(.finished) }

    /// The same for membership.
    fileprivate var closeReason: CloseReason {
        switch self {
        case .ended(let reason), .endedByPeer(let reason):
            switch reason {
            case .finished, .leaving, .revoked: .left
            case .spare: .pruned
            case .duplicate: .duplicate
            case .breach: .full
            case .oneself: .oneself
            }
        case .refused, .refusedByPeer, .breach: .full
        case .broken, .late: .broken
        }
    }
}

extension LinkSession.Greeting {
    /// Nil where nobody has counted so far.
    fileprivate init?(_ greeting: SessionGreeting) {
        guard let number = UInt32(exactly: greeting.number), let former = UInt32(exactly: greeting.formerNumber) else {
            return nil
        }
        self.init(
            number: number, handled: greeting.handled, formerNumber: former, formerHandled: greeting.formerHandled)
    }
}
