public import Configuration
public import Gossip
public import Graphs

/// What goes wrong in a run, all of it possible: peers exist, nobody dies twice, and not all learners die for good.
public struct FaultList: Sendable, Hashable {
    /// How many peers learn: those with the numbers from 0.
    public let learners: Int
    /// Servers behind the learners.
    public let servers: Int
    /// The faults in the order in which they were given, each of them checked.
    public let faults: [Fault]

    /// Throws for the first fault that cannot happen, with its place as the key: `faults[2]`, counted from 0.
    public init(_ faults: [Fault] = [], learners: Int, servers: Int = 0) throws(ConfigurationError) {
        var roster = FaultRoster(learners: learners)
        var sums = FaultSums()
        for (index, fault) in faults.enumerated() {
            try Self.check(fault, index, learners: learners, servers: servers, &roster, &sums)
        }
        self.init(checked: faults, learners: learners, servers: servers)
    }

    /// Reads the `faults` of an experiment file. Throws for the first that is wrong, with its place as the key:
    /// `faults[2]`, counted from 0.
    public init(_ values: [OptionValue], learners: Int, servers: Int = 0) throws(ConfigurationError) {
        var faults: [Fault] = []
        var roster = FaultRoster(learners: learners)
        var sums = FaultSums()
        for (index, value) in values.enumerated() {
            let fault: Fault
            do throws(ConfigurationError) {
                fault = try FaultReader(value).fault()
            } catch {
                throw Self.problem(error.message, index)
            }
            try Self.check(fault, index, learners: learners, servers: servers, &roster, &sums)
            faults.append(fault)
        }
        self.init(checked: faults, learners: learners, servers: servers)
    }

    /// Faults that are known to be possible.
    init(checked faults: [Fault], learners: Int, servers: Int) {
        self.faults = faults
        self.learners = learners
        self.servers = servers
    }

    private static func check(
        _ fault: Fault, _ index: Int, learners: Int, servers: Int, _ roster: inout FaultRoster,
        _ sums: inout FaultSums
    ) throws(ConfigurationError) {
        if let sentence = fault.problem(learners: learners, servers: servers) ?? roster.conflict(of: fault)
            ?? sums.add(fault)
        {
            throw problem(sentence, index)
        }
        roster.add(fault, index: index)
        if let end = roster.endOfAll {
            throw problem("no learner is left \(TimeWindow(from: end).words): all die, and none comes back", index)
        }
    }

    private static func problem(_ message: String, _ index: Int) -> ConfigurationError {
        ConfigurationError(key: "faults[\(index)]", message)
    }

    /// The list with nothing wrong from that moment on: faults end there, peers that would come back later come back
    /// then. Those that never would stay dead, and clocks stay as they are.
    public func healed(at moment: Time) -> FaultList {
        let faults = faults.compactMap { fault -> Fault? in
            guard let window = fault.window.cut(at: moment) else { return nil }
            if case .crash(_, let down, _) = fault, down.end == nil { return fault }
            // Samples stay what they are.
            if case .byzantine(_, .labelFlip, _) = fault { return fault }
            return fault.during(window)
        }
        return FaultList(checked: faults, learners: learners, servers: servers)
    }

    /// The list with drawn faults in the place of every `random`, for a run that lasts until `end` at the most. Always
    /// the same ones for the same list and end; none that cannot happen beside the others, and none that leaves no
    /// learner alive.
    public func expanded(until end: Time) -> FaultList {
        var roster = FaultRoster(learners: learners)
        for (index, fault) in faults.enumerated() { roster.add(fault, index: index) }
        var all: [Fault] = []
        for fault in faults {
            guard case .random(let random, let window) = fault else {
                all.append(fault)
                continue
            }
            guard let window = window.cut(at: end) else { continue }
            all += random.faults(
                in: window, learners: learners, servers: servers, crashes: [.crash, .restart], &roster)
        }
        return FaultList(checked: all, learners: learners, servers: servers)
    }

    /// About how many random faults `expanded(until:)` draws.
    public func expectedCount(until end: Time) -> Double {
        faults.reduce(0) { count, fault in
            guard case .random(let random, let window) = fault, let cut = window.cut(at: end), let last = cut.end else {
                return count
            }
            return count + random.perHour * (last - cut.start) / 3600
        }
    }

    /// The peers that are not there at first, each with the place of its fault in the list.
    public var joiners: [PeerID: Int] {
        var joiners: [PeerID: Int] = [:]
        for (index, fault) in faults.enumerated() {
            if case .join(let peer, _) = fault { joiners[peer] = index }
        }
        return joiners
    }

    /// The peers that are byzantine at some time, ascending; those that are still to be drawn are not among them.
    public var byzantinePeers: [PeerID] {
        Set(faults.compactMap { if case .byzantine(let peer, _, _) = $0 { peer } else { nil } }).sorted()
    }

    /// What a peer does when it is byzantine.
    public func attacks(by peer: PeerID) -> [Attacked.Stretch] {
        faults.compactMap { fault in
            guard case .byzantine(peer, let attack, let window) = fault else { return nil }
            return Attacked.Stretch(attack, from: window.start, until: window.end)
        }
    }

    /// Whether some faults are still to be drawn.
    public var isRandom: Bool { faults.contains { $0.kind == .random } }
}

extension FaultList: CustomStringConvertible {
    /// The list in YAML, on one line, as it can be given back: `simulation.faults=[{drop: 0.1}]`.
    public var description: String { "[" + faults.map(\.description).joined(separator: ", ") + "]" }
}
