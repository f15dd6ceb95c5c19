import Graphs
import Membership
import Runtime
import Vectors

/// What an engine does, on its thread: waits for sockets and for time, and lets links and membership decide.
final class EngineLoop {
    /// Which frame of which link takes the memory of a model.
    struct GrantKey: Hashable, Sendable {
        let link: UInt64
        let frame: UInt64
    }

    let settings: OpenSettings
    let identity: OpenIdentity
    /// Nil where it only asks what is trained.
    let run: LinkRun?
    let clock: LinkClock
    let limits: EngineLimits
    let mailbox: Mailbox
    let pipe: WakePipe
    let pool = PayloadPool()
    let context: SecureContext
    let id: KeyID
    let incarnation: UInt64
    let began: Int64
    private let tellAll: @Sendable (OpenEvent) -> Void

    var listener: Socket?
    var port: UInt16?
    var member: LocalMember
    var book: RecordBook
    var links: [EngineLink] = []
    var dials: [Dialing] = []
    var places: Places
    var grants: GrantQueue<GrantKey>
    var bans = Ban<KeyID>()
    var handshakes: TokenBucket
    var upload: TokenBucket?
    var notices: TokenBucket
    /// The time of this turn, in nanoseconds.
    var now: Int64
    private var nextTick: Int64
    /// Until when no connection is taken, since the system has no sockets.
    var acceptPause: Int64 = 0
    var lookups = 0
    var scratch = [UInt8](repeating: 0, count: 1 << 16)
    var lastNumber: UInt64 = 0
    /// When it ends at the latest, once it was asked to, and what it says then.
    var stopping: (end: Int64, isFinished: Bool)?
    /// Whether what is trained has been told to who has asked for it.
    var isAnswered = false
    var isAbandoned = false
    /// Whether it has told that the group admits it no more.
    var isExcluded = false
    var sentByteCount = 0
    var receivedByteCount = 0

    init(_ parts: EngineParts, tell: @escaping @Sendable (OpenEvent) -> Void) {
        (settings, identity, run, clock) = (parts.settings, parts.identity, parts.run, parts.clock)
        (limits, mailbox, pipe) = (parts.limits, parts.mailbox, parts.pipe)
        (listener, port, incarnation) = (parts.listener, parts.port, parts.card.incarnation)
        (id, member, book, tellAll) = (parts.identity.key.publicKey.id, parts.member, parts.book, tell)
        context = SecureContext(key: identity.key, credentials: identity.credentials, trust: identity.trust)
        let now = clock.nanoseconds()
        (self.now, began, nextTick) = (now, now, now)
        places = Places(doubt: Int64(settings.doubtSeconds * 1e9))
        grants = GrantQueue(mostAtOnce: limits.incomingModels)
        handshakes = TokenBucket(
            perSecond: limits.handshakesPerSecond, most: limits.handshakesPerSecond, now: now)
        // A second's worth may gather: it is the mean that counts.
        upload = parts.settings.uploadBitsPerSecond.map { bits in
            let most = max(bits / 8, Double(2 * EngineLimits.chunkByteCount))
            return TokenBucket(perSecond: bits / 8, most: most, now: now)
        }
        notices = TokenBucket(perSecond: 1, most: 20, now: now)
    }

    // MARK: Turns

    /// Goes on until it was asked to stop, and has.
    func runUntilStopped() {
        while !isOver {
            now = clock.nanoseconds()
            for command in mailbox.take() { carryOut(command) }
            passTime()
            for link in links { flush(link) }
            guard !isOver else { break }
            waitForSockets()
        }
        listener = nil
        links = []
    }

    private var isOver: Bool {
        if isAbandoned { return true }
        guard let stopping else { return false }
        return links.isEmpty || now >= stopping.end
    }

    private func carryOut(_ command: EngineCommand) {
        switch command {
        case .greet(let place, let connection, let greeting): greet(place, connection, greeting)
        case .frame(let frame): send(frame)
        case .resolved(let dial, let addresses): resolved(dial, addresses)
        case .revoke(let list): learn(list, from: nil)
        case .status(let answer): answer(status)
        case .stop(let isFinished): stop(isFinished: isFinished)
        case .abandon: isAbandoned = true
        }
    }

    private func stop(isFinished: Bool) {
        guard stopping == nil else { return }
        stopping = (now + limits.stopping, isFinished)
        listener = nil
        dials = []
        tell(.leave)
        for link in links where !link.isOver { end(link, saying: isFinished ? .finished : .leaving) }
    }

    /// All that is due by now.
    private func passTime() {
        if stopping == nil, now >= nextTick {
            nextTick = now + Int64(MembershipSettings.tickSeconds * 1e9)
            if !isAnswered { tell(.tick) }
            endExpired()
        }
        for link in links { tick(link) }
        for dial in dials { advance(dial) }
        for place in places.takeEnded(now: now) { hear(.doubtOver(place)) }
    }

    /// Until when nothing has to be done unless a socket tells.
    var nextDeadline: Int64 {
        var deadline = stopping?.end ?? nextTick
        for link in links { deadline = min(deadline, self.deadline(of: link)) }
        for dial in dials { deadline = min(deadline, dial.deadline) }
        if let end = places.nextEnd { deadline = min(deadline, end) }
        return deadline
    }

    // MARK: Telling

    /// Tells whoever holds the engine. Nothing once it was asked to stop.
    func hear(_ event: OpenEvent) {
        if stopping == nil { tellAll(event) }
    }

    /// Tells people, who are not told more than they can read.
    func tell(_ notice: OpenNotice) {
        if notices.spend(1, now: now) { hear(.notice(notice)) }
    }

    /// Tells membership, and does what it says.
    func tell(_ event: MembershipEvent) {
        for effect in member.handle(event, atSeconds: Double(now - began) * 1e-9) { carryOut(effect) }
    }

    func link(_ number: UInt64) -> EngineLink? { links.first { $0.number == number } }

    func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }
}
