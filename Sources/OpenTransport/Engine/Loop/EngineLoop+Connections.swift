import Membership
import Runtime
import Threads

// How connections come about.
extension EngineLoop {
    /// Takes the connections that have come, as many as there may be.
    func acceptAll() {
        for _ in 0..<16 {
            do throws(Socket.Failure) {
                guard let (socket, address) = try listener?.accept() else { return }
                if mayAccept(address) { begin(socket, address, dial: nil) }
            } catch {
                // Links go on; those who wait outside have patience.
                acceptPause = now + LinkLimits.second
                return tell(.socketShortage(error.reason))
            }
        }
    }

    /// Whether a stranger from there may show who it is.
    private func mayAccept(_ address: SocketAddress) -> Bool {
        let (strangers, network) = (links.filter { $0.isStranger && !$0.isDialed }, address.network)
        return links.count { !$0.isDialed } < limits.accepted && strangers.count < limits.handshakes
            && strangers.count { $0.address.network == network } < limits.handshakesOfNetwork
            && handshakes.spend(1, now: now)
    }

    private func begin(_ socket: Socket, _ address: SocketAddress, dial: Dialing?) {
        let channel = SecureChannel(
            dial == nil ? .acceptor : .dialer, descriptor: socket.descriptor, context: context,
            now: clock.unixSeconds())
        let link = EngineLink(
            number: nextNumber(), socket: socket, address: address, attempt: dial?.attempt, isDialed: dial != nil,
            purpose: dial?.purpose ?? .link, channel: channel,
            state: LinkState(now: dial?.begin ?? now), limits: limits, now: now)
        links.append(link)
        handshake(link)
    }

    // MARK: Dialing

    /// Dials some addresses for membership.
    func dial(_ attempt: UInt64, _ addresses: [MemberAddress]) {
        guard stopping == nil else { return }
        dial(addresses.compactMap { Seed($0) }, attempt: attempt, .link)
    }

    private func dial(_ seeds: [Seed], attempt: UInt64?, _ purpose: EngineLink.Purpose) {
        let dial = Dialing(
            seeds.map(\.description).joined(separator: ", "), number: nextNumber(), attempt: attempt, purpose: purpose,
            limits: limits, now: now)
        for seed in seeds {
            let numeric = SocketAddress.resolve(seed, isNumeric: true)
            if numeric.isEmpty { lookUp(seed, for: dial) } else { dial.add(numeric) }
        }
        dials.append(dial)
    }

    /// Has a name looked up on a thread of its own: that may take longer than links can wait.
    private func lookUp(_ seed: Seed, for dial: Dialing) {
        guard lookups < limits.lookups else { return }
        let (mailbox, number) = (mailbox, dial.number)
        let isBegun: Void? = try? SystemThread.start("murmur-lookup") {
            mailbox.post(.resolved(dial: number, SocketAddress.resolve(seed, isNumeric: false)))
        }
        guard isBegun != nil else { return }
        lookups += 1
        dial.lookups += 1
    }

    func resolved(_ number: UInt64, _ addresses: [SocketAddress]) {
        lookups -= 1
        guard let dial = dials.first(where: { $0.number == number }) else { return }
        dial.lookups -= 1
        dial.add(addresses)
    }

    func advance(_ dial: Dialing) {
        dial.advance(now: now)
        if dial.hasFailed(now: now) { fail(dial) }
    }

    private func fail(_ dial: Dialing) {
        guard remove(dial) else { return }
        if let shortage = dial.shortage { tell(.socketShortage(shortage.reason)) }
        if let attempt = dial.attempt {
            // Whoever asks what is trained knows nobody else, and is told why it must wait.
            if run == nil { tell(.noPeer(dial.failure.reason, at: dial.failure.address)) }
            tell(.dialFailed(attempt: attempt))
        }
        if case .dialBack(let asker) = dial.purpose { answerDialBack(asker, isReached: false) }
    }

    private func remove(_ dial: Dialing) -> Bool {
        guard let index = dials.firstIndex(where: { $0 === dial }) else { return false }
        dials.remove(at: index)
        return true
    }

    /// One of a dial's sockets has succeeded or failed; the others are let go when one has succeeded.
    func settle(_ dial: Dialing, _ descriptor: Int32) {
        guard dials.contains(where: { $0 === dial }) else { return }
        if let (socket, address) = dial.settle(descriptor) {
            guard remove(dial) else { return }
            begin(socket, address, dial: dial)
        } else {
            advance(dial)
        }
    }

    // MARK: Dialing back

    /// Asks a member to dial this one at the address that it sees. One that does not listen knows the answer.
    func askDialBack(_ number: UInt64) {
        guard let port, let link = link(number) else { return tell(.dialedBack(isReachable: false)) }
        link.hasAskedDialBack = true
        queue(Item(number: 0, content: .dialBack(.asked(port: port))), link)
    }

    /// Dials the other end of a link at the address that it comes from, and nowhere else, once.
    func dialBack(_ link: EngineLink, port: UInt16) {
        guard !link.hasDialedBack else { return }
        link.hasDialedBack = true
        let busy = dials.count { if case .dialBack = $0.purpose { true } else { false } }
        guard busy < limits.dialBacks, stopping == nil else { return }
        let address = link.address.withPort(port)
        let dial = Dialing(
            address.text, number: nextNumber(), attempt: nil, purpose: .dialBack(link.number), limits: limits, now: now)
        dial.add([address])
        link.dialBackAddress = address
        dials.append(dial)
    }

    func answerDialBack(_ number: UInt64, isReached: Bool) {
        guard let link = link(number), link.isOpen, let seed = link.dialBackAddress?.seed else { return }
        link.dialBackAddress = nil
        queue(Item(number: 0, content: .dialBack(.answered(isReached: isReached, address: seed))), link)
    }

    func dialedBack(_ link: EngineLink, isReached: Bool, at address: Seed) {
        guard link.hasAskedDialBack else { return }
        link.hasAskedDialBack = false
        tell(.reachability(isReached, address))
        tell(.dialedBack(isReachable: isReached))
    }
}
