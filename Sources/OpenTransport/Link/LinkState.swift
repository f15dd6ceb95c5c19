/// One connection to a peer, from its dialing to its end, as a value: no socket, no clock. Events go in with the time,
/// effects come out.
///
/// `securing` (dialing and TLS) -> `greeting` -> `open` -> `closing` -> `gone`. Times are in nanoseconds of any clock
/// that does not go back.
struct LinkState: Sendable {
    /// Where a link is.
    enum Phase: Sendable, Hashable {
        case securing, greeting, open
        /// This side has said why it ends, and waits for the other's word.
        case closing(LinkEnd)
        case gone
    }

    private(set) var phase = Phase.securing
    private let limits: LinkLimits
    private var deadline: Int64
    /// What this side has said, once it has.
    private var hello: Hello?
    private var items: TokenBucket
    private var bytes: TokenBucket
    private var frames: TokenBucket
    var incoming = IncomingPayloads()
    var outgoing = OutgoingFrames()
    private var effects: [LinkEffect] = []

    /// A link whose dialing begins now.
    init(limits: LinkLimits = LinkLimits(), now: Int64) {
        self.limits = limits
        deadline = now + limits.securing
        items = TokenBucket(perSecond: limits.controlItemsPerSecond, most: limits.controlItemBurst, now: now)
        bytes = TokenBucket(perSecond: limits.controlBytesPerSecond, most: limits.controlByteBurst, now: now)
        frames = TokenBucket(perSecond: limits.framesPerSecond, most: limits.frameBurst, now: now)
    }

    /// When `tick` has to come at the latest; nil where nothing waits for time.
    var nextDeadline: Int64? {
        switch phase {
        case .gone: nil
        case .open: incoming.deadline
        case .securing, .greeting, .closing: deadline
        }
    }

    /// Takes an event and gives what is to be done. Of a link that is gone nothing comes any more.
    mutating func handle(_ event: LinkEvent, now: Int64) -> [LinkEffect] {
        guard phase != .gone else { return [] }
        effects = []
        do throws(Breach) {
            switch event {
            case .secured(let hello): secured(hello, now)
            case .received(let item): try received(item, now)
            case .receivedPart(let frame, let count): try receivedPart(frame, byteCount: count, now)
            case .malformed(let error): throw .malformed(error)
            case .breached(let breach): throw breach
            case .granted(let frame): grant(frame, now)
            case .offered(let frame, let opening): offer(frame, opening)
            case .refused(let notice): refuse(notice)
            case .ended(let reason): end(.ended(reason), saying: reason, now)
            case .disconnected: disconnect()
            case .tick: try tick(now)
            }
        } catch {
            effects.append(.breach(error))
            end(.breach(error), saying: .breach, now)
        }
        return effects
    }

    // MARK: Phases

    private mutating func secured(_ hello: Hello, _ now: Int64) {
        precondition(phase == .securing, "a link is secured twice")
        self.hello = hello
        effects.append(.send(Item(number: 0, content: .hello(hello))))
        phase = .greeting
        deadline = now + limits.greeting
    }

    private mutating func end(_ end: LinkEnd, saying reason: ShutdownReason, _ now: Int64) {
        switch phase {
        case .securing: close(end)
        case .greeting, .open:
            effects.append(.send(Item(number: 0, content: .shutdown(reason))))
            phase = .closing(end)
            deadline = now + limits.closing
        case .closing, .gone: break
        }
    }

    private mutating func refuse(_ notice: RefusalNotice) {
        guard phase == .greeting || phase == .open else { return }
        effects.append(.send(Item(number: 0, content: .refusal(notice))))
        close(.refused(notice))
    }

    private mutating func disconnect() {
        if case .closing(let end) = phase { close(end) } else { close(.broken) }
    }

    private mutating func close(_ end: LinkEnd) {
        phase = .gone
        effects.append(.close(end))
    }

    private mutating func tick(_ now: Int64) throws(Breach) {
        switch phase {
        case .securing, .greeting: if now >= deadline { close(.late) }
        case .closing(let end): if now >= deadline { close(end) }
        case .open: try incoming.checkSpeed(limits, now)
        case .gone: break
        }
    }

    // MARK: Items

    private mutating func received(_ item: Item, _ now: Int64) throws(Breach) {
        switch (phase, item.content) {
        case (.securing, _), (.gone, _): throw .outOfPlace
        case (.closing(let end), .shutdown), (.closing(let end), .refusal): close(end)
        // What was under way when this side said its shutdown is settled at the next greeting.
        case (.closing, _): break
        case (.greeting, .hello(let theirs)): greet(theirs)
        case (.greeting, .refusal(let notice)): close(.refusedByPeer(notice))
        case (.greeting, .shutdown(let reason)), (.open, .shutdown(let reason)): leave(reason)
        case (.greeting, _), (.open, .hello): throw .outOfPlace
        case (.open, _): try receivedOpen(item, now)
        }
    }

    /// Answers a shutdown, so that the other side need not wait.
    private mutating func leave(_ reason: ShutdownReason) {
        effects.append(.send(Item(number: 0, content: .shutdown(reason))))
        close(.endedByPeer(reason))
    }

    /// Compares the greetings; the first thing in which they do not fit is said.
    private mutating func greet(_ theirs: Hello) {
        guard let ours = hello else { preconditionFailure("a link listens before it has greeted") }
        if let refusal = ours.refusal(of: theirs) {
            return refuse(RefusalNotice(code: refusal.rawValue, sentence: refusal.description, cards: []))
        }
        phase = .open
        effects.append(.open(theirs, protocol: min(ours.protocols.upperBound, theirs.protocols.upperBound)))
    }

    private mutating func receivedOpen(_ item: Item, _ now: Int64) throws(Breach) {
        if case .chunk(let bytes) = item.content {
            let isLast = try incoming.take(bytes.count, of: item.number, limits, now)
            effects.append(.take(frame: item.number, bytes, isLast: isLast))
            return
        }
        switch item.content {
        case .frame, .go: guard frames.spend(1, now: now) else { throw .flood }
        default:
            guard items.spend(1, now: now), bytes.spend(Double(item.encoded.count), now: now) else { throw .flood }
        }
        switch item.content {
        case .frame(let opening):
            guard let hello else { throw .outOfPlace }
            try incoming.announce(item.number, opening, hello, limits)
            let hasPayload = opening.payloadByteCount > 0
            effects.append(
                hasPayload ? .admit(frame: item.number, opening) : .deliver(frame: item.number, opening))
        case .go:
            guard outgoing.release(item.number) else { throw .outOfPlace }
            effects.append(.sendPayload(frame: item.number))
        case .refusal(let notice): close(.refusedByPeer(notice))
        default: effects.append(.pass(item))
        }
    }

    // MARK: Frames

    private mutating func receivedPart(_ frame: UInt64, byteCount: Int, _ now: Int64) throws(Breach) {
        guard phase == .open else { return }
        let isLast = try incoming.take(byteCount, of: frame, limits, now)
        effects.append(.took(frame: frame, byteCount: byteCount, isLast: isLast))
    }

    private mutating func grant(_ frame: UInt64, _ now: Int64) {
        guard phase == .open else { return }
        incoming.grant(frame, limits, now)
        effects.append(.send(Item(number: frame, content: .go)))
    }

    private mutating func offer(_ frame: UInt64, _ opening: FrameOpening) {
        guard phase == .open else { return }
        outgoing.offer(frame, opening)
        effects.append(.send(Item(number: frame, content: .frame(opening))))
    }
}
