import Gossip
import Graphs
import Randomness
import Testing
import Vectors

@testable import Runtime

/// Two sessions over connections that break at any moment, drawn from a seed.
private struct LinkWorld {
    /// A mistake that somebody could make with greetings.
    enum Mistake: CaseIterable {
        /// The greeting says how things stood before the last frames of the old connection were handled.
        case greetsTooEarly
        /// What the other end has handled is not asked.
        case returnsAll
        /// A greeting tells of the last session alone.
        case forgetsTheFormer
    }

    enum End { case down, greeting, up }

    enum Item {
        case greeting(LinkSession.Greeting)
        case frame(Frame)
    }

    struct Fate {
        var handled = 0
        var delivered = 0
        var returned = 0
    }

    private let mistake: Mistake?
    private var random: RandomStream
    private var sessions = (0...1).map { Session(me: PeerID($0), retransmissionSeconds: nil, isByLinks: true) }
    private var ends = [End.down, .down]
    /// Whether what is sent now goes on its way.
    private var isWhole = false
    /// What is under way to each end, in order.
    private var wires: [[Item]] = [[], []]
    /// Greetings that were made too early.
    private var early: [LinkSession.Greeting?] = [nil, nil]
    private(set) var fates: [Fate] = []
    private(set) var breaks = 0

    init(seed: UInt64, mistake: Mistake? = nil) {
        random = RandomStream(seed: seed, purpose: .test)
        self.mistake = mistake
    }

    /// Runs some steps, then lets everything be told over a connection that stands. Returns what was wrong.
    mutating func run(steps: Int) -> String? {
        for _ in 0..<steps { step() }
        cut()
        for end in 0...1 { notice(end) }
        connect()
        while !wires[0].isEmpty || !wires[1].isEmpty { for end in 0...1 { deliver(to: end) } }
        for (id, fate) in fates.enumerated() {
            guard fate.handled + fate.returned == 1, fate.handled == fate.delivered else {
                return "message \(id): \(fate)"
            }
        }
        return sessions.allSatisfy { $0.unacknowledgedCount == 0 && $0.mintedMass == 0 } ? nil : "something is left"
    }

    private mutating func step() {
        let end = random.integer(below: 2)
        switch random.integer(below: 12) {
        case 0..<4: send(from: end)
        case 4..<8: deliver(to: end)
        case 8: cut()
        case 9, 10: if !isWhole { notice(end) }
        default: connect()
        }
    }

    private mutating func send(from end: Int) {
        guard ends[end] == .up else { return }
        fates.append(Fate())
        let id = UInt64(fates.count)
        carryOut(
            sessions[end].send(
                nil, metadata: Metadata(round: id, weight: 1), to: PeerID(1 - end), id: MessageID(rawValue: id),
                now: .zero), end)
    }

    private mutating func deliver(to end: Int) {
        guard let item = wires[end].first else { return }
        wires[end].removeFirst()
        switch item {
        case .greeting(var greeting):
            ends[end] = .up
            if mistake == .returnsAll {
                greeting = LinkSession.Greeting(
                    number: greeting.number, handled: 0, formerNumber: greeting.formerNumber, formerHandled: 0)
            }
            carryOut(sessions[end].open(PeerID(1 - end), greeting), end)
        case .frame(let frame): carryOut(sessions[end].receive(frame), end)
        }
    }

    /// The connection breaks: a part of what is under way arrives, and nothing that is sent from now on.
    private mutating func cut() {
        guard isWhole else { return }
        isWhole = false
        breaks += 1
        for end in 0...1 {
            if mistake == .greetsTooEarly, ends[end] == .up {
                var session = sessions[end]
                session.suspend(PeerID(1 - end))
                early[end] = session.greeting(for: PeerID(1 - end))
            }
            wires[end] = Array(wires[end].prefix(random.integer(below: wires[end].count + 1)))
        }
    }

    /// An end finds out that the connection has broken; what it has not read is gone.
    private mutating func notice(_ end: Int) {
        if ends[end] == .up { sessions[end].suspend(PeerID(1 - end)) }
        ends[end] = .down
        wires[end] = []
    }

    private mutating func connect() {
        guard ends == [.down, .down] else { return }
        isWhole = true
        ends = [.greeting, .greeting]
        for end in 0...1 {
            var greeting = early[end] ?? sessions[end].greeting(for: PeerID(1 - end))
            early[end] = nil
            if mistake == .forgetsTheFormer {
                greeting = LinkSession.Greeting(
                    number: greeting.number, handled: greeting.handled, formerNumber: 0, formerHandled: 0)
            }
            wires[1 - end] = [.greeting(greeting)]
        }
    }

    private mutating func carryOut(_ outputs: [Session.Output], _ end: Int) {
        for output in outputs {
            switch output {
            case .transmit(let frame): if isWhole { wires[1 - end].append(.frame(frame)) }
            case .received(let metadata, _, _): fates[Int(metadata.round) - 1].handled += 1
            case .delivered(let id): fates[Int(id.rawValue) - 1].delivered += 1
            case .returned(let id, _, _, _): fates[Int(id.rawValue) - 1].returned += 1
            case .receivedPart: break
            }
        }
    }
}

@Suite struct LinkSessionTests {
    /// A hundred thousand worlds, in ten parts beside each other.
    @Test(arguments: 0..<10) func everyMessageIsHandledOrReturnedOnce(part: UInt64) {
        var (messages, breaks) = (0, 0)
        for seed in (part * 10_000)..<((part + 1) * 10_000) {
            var world = LinkWorld(seed: seed)
            if let complaint = world.run(steps: 80) {
                Issue.record("world \(seed): \(complaint)")
                return
            }
            messages += world.fates.count
            breaks += world.breaks
        }
        #expect(messages > 50_000 && breaks > 15_000, "\(messages) messages, \(breaks) broken connections")
    }

    @Test(arguments: LinkWorld.Mistake.allCases) private func aMistakeIsFound(mistake: LinkWorld.Mistake) {
        let found = (UInt64(0)..<1000).contains { seed in
            var world = LinkWorld(seed: seed, mistake: mistake)
            return world.run(steps: 80) != nil
        }
        #expect(found)
    }

    /// One end opens a session of which the other never hears, twice: the greeting after that still settles the session
    /// in which both were.
    @Test func aSessionOfOneEndAloneSettlesNothing() {
        var (near, far) = (LinkSession(), LinkSession())
        let both = (near.greeting(handled: 0), far.greeting(handled: 0))
        #expect(near.open(both.1, handled: 0) == 0)
        #expect(far.open(both.0, handled: 0) == 0)
        // In session 1 `near` handles 5 messages and `far` 7; then `far` alone opens 2 and 3.
        #expect(far.open(near.greeting(handled: 5), handled: 7) == 5)
        #expect(far.open(near.greeting(handled: 5), handled: 0) == 0)
        #expect(far.number == 3 && near.number == 1)
        let greeting = far.greeting(handled: 0)
        #expect(far.open(near.greeting(handled: 5), handled: 0) == 0)
        #expect(near.open(greeting, handled: 5) == 7)
        #expect(far.number == 4 && near.number == 4)
    }

    /// Who begins again has handled nothing of what was sent to the one before.
    @Test func aJoinerInAnothersPlaceHasHandledNothing() {
        var (near, far) = (LinkSession(), LinkSession())
        for _ in 0..<3 {
            let both = (near.greeting(handled: 4), far.greeting(handled: 4))
            _ = near.open(both.1, handled: 4)
            _ = far.open(both.0, handled: 4)
        }
        #expect(near.open(LinkSession().greeting(handled: 0), handled: 4) == 0)
        var joiner = LinkSession()
        _ = joiner.open(far.greeting(handled: 4), handled: 0)
        #expect(joiner.number == near.number)
    }

    /// The greatest number that somebody can make up does not end the program.
    @Test func aNumberOutOfAllBoundsIsBorne() {
        var link = LinkSession()
        let greeting = LinkSession.Greeting(number: .max, handled: .max, formerNumber: .max, formerHandled: .max)
        _ = link.open(greeting, handled: 0)
        _ = link.open(greeting, handled: 0)
        #expect(link.number == .max)
    }
}
