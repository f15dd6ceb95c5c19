import Randomness

/// One member's view of an open group, and what it does to keep its place in it: a pure value, events in, effects out.
///
/// SWIM's way of spreading news, of suspecting and refuting (A. Das, I. Gupta, A. Motivala, DSN 2002) and Lifeguard's
/// doubt of oneself (A. Dadgar, J. Phillips, J. Currey, arXiv:1707.00788), but on links that are kept, a random graph:
/// whom nobody can dial is heard all the same, and what is silent is known without probes. Each news goes over each
/// link once at the most; two members whose digests differ compare their lists.
///
/// Whoever drives it hands in events by `handle`, with a clock that never goes back; ticks every
/// `MembershipSettings.tickSeconds`; carries out the effects in their order; and has checked every record that it hands
/// in. Equal seeds and equal events give equal effects.
public struct LocalMember: Sendable {
    /// What is asked of it.
    let settings: MembershipSettings
    /// The name of this member.
    public let id: MemberID

    var clock = PatientClock()
    var stream: RandomStream
    var table = MemberTable()
    var news = NewsLog()
    var links: [Link] = []
    var dials: [Dial] = []
    var returns: [PendingReturn] = []
    /// When suspects are lost, in seconds, and at which version they were suspected.
    var suspicions: [(id: MemberID, version: MemberVersion, deadlineSeconds: Double)] = []
    /// Whose cards were asked for.
    var asked: [MemberID: CardRequest] = [:]
    /// How much it doubts itself: it was late, alone, or wrongly suspected. Suspicions take so many times longer.
    var doubt = 0
    var timers: Timers
    var nextAttempt: UInt64 = 1
    var hasJoined = false
    var hasLeft = false
    /// What `handle` has to give back.
    var effects: [MembershipEffect] = []

    /// A member with this card that knows nobody; `seed` is what its choices follow from.
    public init(card: Card, settings: MembershipSettings, seed: UInt64) {
        id = card.id
        self.settings = settings
        stream = RandomStream(seed: seed, purpose: .membership, peer: Int(truncatingIfNeeded: card.id.first))
        timers = Timers(settings, &stream)
        table.insert(
            MemberEntry(
                card: card, version: MemberVersion(incarnation: card.incarnation, beat: 1, standing: .alive),
                reachability: .unknown, signature: [], heardSeconds: 0))
    }

    /// What it says of itself at the beginning of a link.
    public var greeting: Greeting {
        Greeting(record: own.record(atSeconds: now, withCard: true), degree: links.count, digest: table.digest)
    }

    /// Takes one event at a time of the host's clock, in seconds, and says what to do.
    public mutating func handle(_ event: MembershipEvent, atSeconds seconds: Double) -> [MembershipEffect] {
        if clock.advance(to: seconds, tickSeconds: MembershipSettings.tickSeconds) { raiseDoubt() }
        guard !hasLeft else { return [] }
        effects = []
        switch event {
        case .tick: tick()
        case .dialFailed(let attempt): dialFailed(attempt)
        case .opened(let number, let attempt, let greeting): opened(number, attempt, greeting)
        case .closed(let number, let reason): closed(number, reason)
        case .received(let item, let number): received(item, number)
        case .heard(let number): note(number) { _ in }
        case .admitted(let number): admitted(number)
        case .dialedBack(let isReachable): dialedBack(isReachable)
        case .leave: leave()
        }
        defer { effects = [] }
        return effects
    }

    var now: Double { clock.seconds }

    /// Its own entry, which is never taken out.
    var own: MemberEntry { table[0] }

    mutating func raiseDoubt() { doubt = min(8, doubt + 1) }

    /// Says on every link that it goes, and closes them.
    private mutating func leave() {
        table.update(0) { $0.version.standing = .lost }
        let record = own.record(atSeconds: now, withCard: false)
        for link in links {
            effects.append(.send(.records([record]), link.number))
            effects.append(.close(link.number, .left))
        }
        links = []
        hasLeft = true
    }

    private mutating func dialedBack(_ isReachable: Bool) {
        let found: Reachability = isReachable ? .reachable : .unreachable
        guard own.reachability != found else { return }
        table.note(0) { $0.reachability = found }
        beat()
    }

    /// Says that it is there: a beat that all will hear.
    mutating func beat(isUrgent: Bool = true) {
        table.note(0) { $0.version.beat += 1 }
        changed(0, knownTo: nil, isUrgent: isUrgent)
    }
}

extension LocalMember {
    /// The members it knows and has not lost, itself included, in no order that means anything.
    public var members: [MemberID] {
        table.entries.indices.filter { table.entries[$0].isPresent }.map { table.entries[$0].card.id }
    }

    /// How many those are.
    public var memberCount: Int { table.presentCount }

    /// What it thinks of somebody; nil where it never heard of it.
    public func standing(of id: MemberID) -> Standing? { table[id]?.version.standing }

    /// How new what it knows of somebody is; nil where it never heard of it.
    public func version(of id: MemberID) -> MemberVersion? { table[id]?.version }

    /// What it would tell of all whom it knows and has not lost, itself included, with their cards.
    public var directory: [Record] {
        table.entries.filter(\.isPresent).map { $0.record(atSeconds: now, withCard: true) }
    }

    /// The other ends of its links.
    public var partners: [MemberID] { links.map(\.partner) }
}
