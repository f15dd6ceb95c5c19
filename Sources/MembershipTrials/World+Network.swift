import Membership
import Randomness

// How connections come about, and what passes over them.
extension World {
    /// The time of one way.
    private mutating func delaySeconds() -> Double {
        let delay = stream.uniform(from: 0.02, to: 0.08)
        return stream.bernoulli(0.01) ? delay + stream.uniform(from: 0, to: 2) : delay
    }

    /// Whether the network lets nothing pass between two hosts.
    private func isCut(_ one: Int, _ other: Int) -> Bool {
        isPartitioned && hosts[one].side != hosts[other].side
    }

    mutating func dial(_ attempt: UInt64, _ addresses: [MemberAddress], _ host: Int) {
        let acceptor = addresses.first.flatMap { place(of: $0) } ?? host
        connections.append(Connection(dialer: host, acceptor: acceptor, attempt: attempt))
        let number = connections.count - 1
        schedule(afterSeconds: Self.dialSeconds, host, .dialTimeout(number))
        // TCP's two ways and TLS's two, until the dialer may send.
        let handshake = (0..<4).reduce(0.0) { sum, _ in sum + delaySeconds() }
        schedule(afterSeconds: handshake, host, .greets(number))
    }

    mutating func happens(onNetwork kind: WorldEvent.Kind, _ host: Int) {
        switch kind {
        case .greets(let number):
            let acceptor = connections[number].acceptor
            guard hosts[acceptor].isAlive, !hosts[acceptor].isPaused, !isCut(host, acceptor),
                !hosts[acceptor].isBehindNAT || acceptor == host
            else { return }
            let greeting = hosts[host].member.greeting
            count(bytes: greeting.byteCount)
            schedule(afterSeconds: delaySeconds(), acceptor, .accepts(number, greeting))
        case .accepts(let number, let greeting):
            // The dialer may have given up meanwhile.
            guard connections[number].state == .dialing else { return }
            let answer = hosts[host].member.greeting
            count(bytes: answer.byteCount)
            let delay = delaySeconds()
            connections[number].state = .open
            connections[number].arrivalSeconds.toDialer = seconds + delay
            schedule(afterSeconds: delay, connections[number].dialer, .answered(number, answer))
            handle(.opened(link(number), attempt: nil, greeting), host)
        case .answered(let number, let greeting):
            handle(.opened(link(number), attempt: connections[number].attempt, greeting), host)
        case .dialTimeout(let number):
            guard connections[number].state == .dialing else { return }
            connections[number].state = .failed
            handle(.dialFailed(attempt: connections[number].attempt), host)
        case .passage(let number, .item(let item)): handle(.received(item, link(number)), host)
        case .passage(let number, .end(let reason)): handle(.closed(link(number), reason), host)
        case .tick, .dialedBack, .wakes, .churn: break
        }
    }

    private func link(_ number: Int) -> LinkNumber { LinkNumber(UInt64(number)) }

    /// Puts something on its way to the other end.
    mutating func send(_ passage: Connection.Passage, _ number: Int, from host: Int) {
        if case .item(let item) = passage { count(bytes: item.byteCount) }
        let connection = connections[number]
        let toAcceptor = connection.dialer == host
        if isCut(connection.dialer, connection.acceptor) {
            connections[number].held.append((passage, toAcceptor))
        } else {
            pass(passage, number, toAcceptor: toAcceptor)
        }
    }

    private mutating func pass(_ passage: Connection.Passage, _ number: Int, toAcceptor: Bool) {
        let arrival = seconds + delaySeconds()
        let receiver: Int
        let seconds: Double
        if toAcceptor {
            receiver = connections[number].acceptor
            seconds = max(arrival, connections[number].arrivalSeconds.toAcceptor)
            connections[number].arrivalSeconds.toAcceptor = seconds
        } else {
            receiver = connections[number].dialer
            seconds = max(arrival, connections[number].arrivalSeconds.toDialer)
            connections[number].arrivalSeconds.toDialer = seconds
        }
        schedule(afterSeconds: seconds - self.seconds, receiver, .passage(number, passage))
    }

    /// Divides the network into its two sides.
    public mutating func part() { isPartitioned = true }

    /// Joins the sides again; what was held up passes now.
    public mutating func heal() {
        isPartitioned = false
        for number in connections.indices where !connections[number].held.isEmpty {
            let held = connections[number].held
            connections[number].held = []
            for (passage, toAcceptor) in held { pass(passage, number, toAcceptor: toAcceptor) }
        }
    }
}
