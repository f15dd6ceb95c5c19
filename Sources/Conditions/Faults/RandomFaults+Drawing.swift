import Configuration
public import Gossip
import Graphs
import Randomness

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension RandomFaults {
    /// The fault list of one test of an algorithm: some six faults of what it promises to live through and of nothing
    /// else, drawn from the seed, within the first `seconds` of a run. Where joining is promised, one learner joins in
    /// some of them; where leaving is, up to half of them leave later. Some learner is always alive. At the end all
    /// faults are over but for crashes without return and clocks that have jumped.
    ///
    /// `peers` are the learners. `seconds` must be above 0.
    public static func battery(
        seed: UInt64, peers: Int, servers: Int = 0, faultTolerance: FaultTolerance, seconds: Double
    ) -> FaultList {
        precondition(seconds > 0 && seconds < 1e9, "a battery of \(seconds) s")
        let kinds = allKinds.filter { !$0.faultTolerance.isDisjoint(with: faultTolerance) }
        let random = RandomFaults(seed: seed, perHour: 6 * 3600 / seconds, kinds: kinds)
        var roster = FaultRoster(learners: peers)
        var changes = Self.joins(seed: seed, peers: peers, faultTolerance: faultTolerance, seconds: seconds)
        for (index, fault) in changes.enumerated() { roster.add(fault, index: index) }
        let leaves = Self.leaves(seed: seed, peers: peers, faultTolerance: faultTolerance, seconds: seconds)
        for fault in leaves where roster.allows(fault) {
            roster.add(fault, index: changes.count)
            changes.append(fault)
        }
        let faults = random.faults(
            in: TimeWindow(until: Time(seconds: seconds)), learners: peers, servers: servers, crashes: faultTolerance,
            firstIndex: changes.count, &roster)
        return FaultList(checked: changes + faults, learners: peers, servers: servers)
    }

    private static func joins(seed: UInt64, peers: Int, faultTolerance: FaultTolerance, seconds: Double) -> [Fault] {
        var random = RandomStream(seed: seed, purpose: .faults, peer: -2)
        guard faultTolerance.contains(.join), peers > 1, random.bernoulli(0.3) else { return [] }
        let moment = Time(seconds: random.uniform(from: 0, to: seconds))
        return [
            .join(
                PeerID(random.integer(below: peers)), at: moment.wholeMicroseconds(notBefore: Time(nanoseconds: 1000)))
        ]
    }

    /// Up to half of the peers leave, each at a moment of the run's second half, when all are there.
    private static func leaves(seed: UInt64, peers: Int, faultTolerance: FaultTolerance, seconds: Double) -> [Fault] {
        var random = RandomStream(seed: seed, purpose: .faults, peer: -4)
        guard faultTolerance.contains(.leave), peers > 1 else { return [] }
        let count = random.integer(below: peers / 2 + 1)
        return random.permutation(of: peers).prefix(count).map { peer in
            let moment = Time(seconds: random.uniform(from: seconds, to: 2 * seconds))
            return .leave(PeerID(peer), at: moment.wholeMicroseconds(notBefore: .zero))
        }
    }

    /// The faults of one window, which must have an end. `roster` knows all others, and takes these in.
    func faults(
        in window: TimeWindow, learners: Int, servers: Int, crashes: FaultTolerance, firstIndex: Int = 0,
        _ roster: inout FaultRoster
    ) -> [Fault] {
        guard let end = window.end else { preconditionFailure("faults are drawn forever from \(self)") }
        var possible = kinds
        if learners + servers < 2 { possible.removeAll { $0 == .cut || $0 == .partition } }
        if learners < 2 || crashes.isDisjoint(with: Fault.Kind.crash.faultTolerance) {
            possible.removeAll { $0 == .crash }
        }
        if possible.isEmpty { return [] }
        let draft = Draft(
            learners: learners, peers: learners + servers, gapSeconds: 3600 / perHour, end: end, crashes: crashes)
        var gaps = RandomStream(seed: seed, purpose: .faults)
        var seconds = 0.0
        var faults: [Fault] = []
        for number in UInt64(1)... {
            seconds += -log(1 - gaps.uniform()) * draft.gapSeconds
            guard seconds < end - window.start else { break }
            let start = (window.start + seconds).wholeMicroseconds(notBefore: window.start)
            // A stream for each fault: what one draws shifts no other.
            var random = RandomStream(seed: seed, purpose: .faults, round: number)
            for _ in 0..<8 {
                let kind = possible[random.integer(below: possible.count)]
                guard let fault = draft.fault(kind, from: start, &random), roster.allows(fault) else { continue }
                roster.add(fault, index: firstIndex + faults.count)
                faults.append(fault)
                break
            }
        }
        return faults
    }
}

extension Fault.Kind {
    /// The promises of which any covers it; none does where honest peers cannot live through it.
    public var faultTolerance: FaultTolerance {
        switch self {
        case .drop, .corrupt, .cut, .partition: .loss
        case .duplicate: .duplication
        case .reorder, .delay, .pause, .clock, .slow: .lateness
        case .crash: [.crash, .restart]
        case .join: .join
        case .leave: .leave
        case .byzantine, .random: []
        }
    }
}

/// Draws one fault.
private struct Draft {
    let learners: Int
    let peers: Int
    let gapSeconds: Double
    let end: Time
    let crashes: FaultTolerance

    /// Nil where too little time is left for it.
    func fault(_ kind: Fault.Kind, from start: Time, _ random: inout RandomStream) -> Fault? {
        let seconds = min(random.uniform(from: 0.1, to: 2) * gapSeconds, end - start)
        let close = min((start + seconds).wholeMicroseconds(notBefore: start), end)
        guard start < close else { return nil }
        let window = TimeWindow(from: start, until: close)
        switch kind {
        case .drop: return .drop(share(0.01, 0.3, &random), window)
        case .duplicate: return .duplicate(share(0.01, 0.3, &random), window)
        case .reorder: return .reorder(share(0.05, 0.5, &random), window)
        case .corrupt: return .corrupt(share(0.001, 0.1, &random), window)
        case .delay:
            let probability = share(0.01, 0.3, &random)
            return .delay(probability, by: span(random.uniform(from: 0.01, to: 0.2) * seconds), window)
        case .cut:
            let from = random.integer(below: peers)
            let to = random.integer(below: peers - 1)
            return .cut(from: PeerID(from), to: PeerID(to < from ? to : to + 1), window)
        case .partition: return .partition(groups(&random), window)
        case .pause: return .pause(anyone(&random), window)
        case .crash: return crash(window, &random)
        case .clock:
            let jump = span(random.uniform(from: 0.01, to: 1) * seconds)
            let isBackwards = random.bernoulli(0.5)
            return .clock(
                anyone(&random), by: isBackwards ? TimeSpan(nanoseconds: -jump.nanoseconds) : jump, at: start)
        case .slow:
            return .slow(anyone(&random), factor: (random.uniform(from: 1.5, to: 8) * 10).rounded() / 10, window)
        case .byzantine:
            let attacks = Attack.drawn
            return .byzantine(anyone(&random), attacks[random.integer(below: attacks.count)], window)
        case .join, .leave, .random: preconditionFailure("\(kind) is drawn from random faults")
        }
    }

    private func crash(_ window: TimeWindow, _ random: inout RandomStream) -> Fault {
        let peer = PeerID(random.integer(below: learners))
        let isBack = random.bernoulli(0.75) ? crashes.contains(.restart) : !crashes.contains(.crash)
        let isTorn = random.bernoulli(0.25)
        return isBack
            ? .crash(peer, window, isTorn: isTorn) : .crash(peer, TimeWindow(from: window.start), isTorn: false)
    }

    /// One or two groups of peers, beside the one of those that are left.
    private func groups(_ random: inout RandomStream) -> [[PeerID]] {
        let order = random.permutation(of: peers).map { PeerID($0) }
        let first = 1 + random.integer(below: peers - 1)
        let second = random.integer(below: peers - first)
        let groups = [order[..<first], order[first..<(first + second)]]
        return groups.filter { !$0.isEmpty }.map { $0.sorted() }
    }

    private func anyone(_ random: inout RandomStream) -> PeerID { PeerID(random.integer(below: peers)) }

    /// A probability of at most four decimals.
    private func share(_ low: Double, _ high: Double, _ random: inout RandomStream) -> Double {
        (random.uniform(from: low, to: high) * 10_000).rounded() / 10_000
    }

    /// Whole microseconds, at least one.
    private func span(_ seconds: Double) -> TimeSpan {
        TimeSpan(nanoseconds: max(1, Int64(min(seconds, 1e8) * 1e6)) * 1000)
    }
}

extension Time {
    /// Rounded down to whole microseconds, but not to before that moment.
    fileprivate func wholeMicroseconds(notBefore least: Time) -> Time {
        max(least, Time(nanoseconds: nanoseconds / 1000 * 1000))
    }
}

extension FaultRoster {
    /// Whether the fault can happen beside the others and leaves some learner alive.
    fileprivate func allows(_ fault: Fault) -> Bool {
        if conflict(of: fault) != nil { return false }
        if case .crash(let peer, let window, _) = fault { return keepsALearner(without: peer, window) }
        return true
    }
}
