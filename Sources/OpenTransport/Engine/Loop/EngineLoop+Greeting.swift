import Graphs
import Membership
import Runtime

// From the handshake of TLS to the two greetings.
extension EngineLoop {
    func handshake(_ link: EngineLink) {
        do throws(SecureFailure) {
            switch try link.channel.handshake() {
            case .done:
                link.credentials = try link.channel.peer()
                link.needsWriting = false
                // TLS may have read more than its own.
                link.mayHoldMore = true
                secured(link)
            case .needsReading: link.needsWriting = false
            case .needsWriting: link.needsWriting = true
            }
        } catch {
            // TLS knows nothing of revocations, and would end without a word.
            if case .refused(let refusal) = error, link.channel.isSecured { return dismiss(link, refusal) }
            fail(link, error)
        }
    }

    /// TLS could not be had, or has ended.
    func fail(_ link: EngineLink, _ failure: SecureFailure) {
        switch failure {
        case .refused(let refusal): tell(.refused(refusal, whom: link.address.text))
        case .refusedByPeer(let refusal): tell(.notAdmitted(refusal, by: link.name))
        case .ended: break
        case .protocolVersion, .noCertificate, .malformed:
            // Whoever dials here and speaks no TLS is not worth a word.
            if link.isDialed { tell(.noPeer("\(failure)", at: link.address.text)) }
        }
        link.isBroken = true
        finish(link, .broken)
    }

    /// Both ends have shown who they are.
    private func secured(_ link: EngineLink) {
        guard let peer = link.peer else { return lose(link) }
        if case .dialBack(let asker) = link.purpose {
            answerDialBack(asker, isReached: self.link(asker)?.peer == peer)
            return finish(link, .ended(.spare))
        }
        guard peer != id, !bans.contains(peer, now: now), stopping == nil else { return finish(link, .ended(.oneself)) }
        if let allowed = identity.allowed, !allowed.contains(peer) {
            return dismiss(link, .notAllowed)
        }
        guard link.isDialed else {
            link.stage = .secured
            link.greetingDeadline = now + LinkLimits().greeting
            return
        }
        guard run != nil else { return greet(link, SessionGreeting.none) }
        if staysBesideOthers(dialed: link) { askNode(link) }
    }

    /// The other end has greeted, which has dialed.
    func received(hello: Item, _ link: EngineLink) {
        if case .refusal(let notice) = hello.content { return finish(link, .refusedByPeer(notice)) }
        guard case .hello(let theirs) = hello.content else { return finish(link, .broken) }
        link.heldHello = hello
        if theirs.isEnquiry || run == nil { return greet(link, SessionGreeting.none) }
        if staysBesideOthers(accepted: link, theirs) { askNode(link) }
    }

    // MARK: Two connections to one member

    private func others(of link: EngineLink) -> [EngineLink] {
        links.filter { other in
            guard other !== link, other.peer == link.peer, other.place != nil else { return false }
            return !other.isOver
        }
    }

    /// Whether a connection that this end has dialed goes on: where two dial each other the lower one's stays, unless
    /// the other has been open for a while. Who has dialed decides before it greets.
    private func staysBesideOthers(dialed link: EngineLink) -> Bool {
        for other in others(of: link) {
            guard !other.isDialed, !other.isOpen, let peer = link.peer, id < peer else {
                finish(link, .ended(.duplicate))
                return false
            }
            end(other, saying: .duplicate)
        }
        return true
    }

    /// The same of one that the other end has dialed, which has not without reason.
    private func staysBesideOthers(accepted link: EngineLink, _ theirs: Hello) -> Bool {
        for other in others(of: link) {
            let isRestarted = other.theirs.map { theirs.incarnation > $0.incarnation } ?? false
            guard !other.isDialed || isRestarted || link.peer.map({ $0 < id }) == true else {
                link.outgoing.append(Item(number: 0, content: .shutdown(.duplicate)).encoded)
                finish(link, .ended(.duplicate))
                return false
            }
            end(other, saying: .duplicate)
        }
        return true
    }

    // MARK: Greetings

    /// Asks the node for what it has handled; until it answers, nothing is read.
    private func askNode(_ link: EngineLink) {
        guard let peer = link.peer, let (place, isForgotten) = places.take(for: peer) else {
            return dismiss(link, .full)
        }
        if isForgotten { hear(.forgotten(place)) }
        link.place = place
        link.stage = .awaitingNode
        link.mayHoldMore = false
        hear(.greetingWanted(place, connection: link.number))
    }

    /// The node has answered.
    func greet(_ place: PeerID, _ connection: UInt64, _ greeting: LinkSession.Greeting) {
        guard let link = link(connection), case .awaitingNode = link.stage, link.place == place else { return }
        greet(link, SessionGreeting(greeting))
    }

    private func greet(_ link: EngineLink, _ session: SessionGreeting) {
        link.session = session
        link.stage = .greeted
        link.mayHoldMore = true
        carryOut(link.state.handle(.secured(hello(session)), now: now), link)
        guard let held = link.heldHello, !link.isOver else { return }
        link.heldHello = nil
        carryOut(link.state.handle(.received(held), now: now), link)
    }

    private func hello(_ session: SessionGreeting) -> Hello {
        let greeting = member.greeting
        let encodings = PayloadEncoding.fp32.bit | (settings.encoding == .bf16 ? PayloadEncoding.bf16.bit : 0)
        return Hello(
            protocols: EngineLimits.protocols, experiment: run?.fingerprint ?? 0,
            parameterCount: UInt64(run?.parameterCount ?? 0), layout: run?.layout ?? 0, encodings: encodings,
            incarnation: incarnation, session: session, digest: greeting.digest,
            time: UInt64(clamping: clock.unixSeconds()), degree: UInt8(clamping: greeting.degree),
            record: book.encoded(greeting.record))
    }

    /// Does not let a member in, and says why.
    func dismiss(_ link: EngineLink, _ refusal: Refusal) {
        let notice = RefusalNotice(code: refusal.rawValue, sentence: refusal.description, cards: [])
        link.outgoing.append(Item(number: 0, content: .refusal(notice)).encoded)
        finish(link, .refused(notice))
    }
}

extension SessionGreeting {
    /// That of who has no node.
    fileprivate static let none = SessionGreeting(number: 0, handled: 0, formerNumber: 0, formerHandled: 0)

    fileprivate init(_ greeting: LinkSession.Greeting) {
        self.init(
            number: UInt64(greeting.number), handled: greeting.handled, formerNumber: UInt64(greeting.formerNumber),
            formerHandled: greeting.formerHandled)
    }
}
