import Simulator

/// What many cases of the battery came to together.
public struct SoakTally: Sendable, Hashable {
    /// Cases counted.
    public private(set) var runs = 0
    /// Virtual hours that peers lived, summed over them.
    public private(set) var peerHours = 0.0
    /// Happenings that the simulator handled in all of them.
    public private(set) var events = 0
    /// Faults of the cases' lists, by kind.
    public private(set) var faults: [String: Int] = [:]
    /// What was wrong, with the command that replays it.
    public private(set) var complaints: [String] = []

    /// No case yet.
    public init() {}

    /// Adds a case and what came of it.
    public mutating func count(_ battery: BatteryCase, _ outcome: BatteryOutcome) {
        runs += 1
        peerHours += Double(outcome.peers) * outcome.virtualSeconds / 3600
        events += outcome.statistics.events
        for kind in battery.faultKinds { faults[kind, default: 0] += 1 }
        complaints += outcome.complaints.map { "\(battery): \($0)\n    \(battery.command)" }
    }

    /// The tally in lines.
    public var text: String {
        let kinds = faults.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        let hours = (peerHours * 100).rounded() / 100
        return """
            runs        \(runs)
            peer-hours  \(hours) of virtual time, \(events) events
            faults      \(faults.values.reduce(0, +)): \(kinds.joined(separator: ", "))
            violations  \(complaints.count)

            """
    }
}
