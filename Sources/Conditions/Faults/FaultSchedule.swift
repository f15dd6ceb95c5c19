public import Configuration
public import Gossip
public import Graphs

/// A fault list made ready for a run: what holds at any moment, and what happens at single ones.
public struct FaultSchedule: Sendable {
    /// What happens at single moments, in the order of time; at one moment what ends comes before what begins.
    public let events: [FaultEvent]
    /// Between two of these moments nothing changes; the first is the beginning of the run.
    private var moments: [Time] = []
    private var states: [ActiveFaults] = []
    private var jumps: [PeerID: [(time: Time, by: TimeSpan)]] = [:]

    /// What one fault brings into the state of its window.
    enum Effect {
        case fault(Fault)
        case paused(PeerID, until: Time)
        case partition([PeerID: Int])
    }

    /// The list must hold no faults that are still to be drawn.
    public init(_ list: FaultList) {
        precondition(!list.isRandom, "draw the random faults first, with expanded(until:)")
        events = list.events
        for case .clock(let peer, let span, let time) in list.faults {
            jumps[peer, default: []].append((time, span))
        }
        fill(Self.effects(of: list))
    }

    /// All faults that hold at that moment.
    public func active(at time: Time) -> ActiveFaults { states[place(of: time)] }

    /// The last of the moments that is not later.
    private func place(of time: Time) -> Int {
        var low = 0
        var high = moments.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if moments[middle] <= time { low = middle } else { high = middle }
        }
        return low
    }

    /// Whether no frame passes from one peer to another at that moment.
    public func isCut(from: PeerID, to: PeerID, at time: Time) -> Bool { active(at: time).isCut(from: from, to: to) }
    /// The chance, 0 to 1, that a frame sent at that moment vanishes.
    public func dropProbability(at time: Time) -> Double { active(at: time).dropProbability }
    /// The chance, 0 to 1, that a frame sent at that moment arrives twice.
    public func duplicateProbability(at time: Time) -> Double { active(at: time).duplicateProbability }
    /// The chance, 0 to 1, that a frame sent at that moment is held back so that others overtake it.
    public func reorderProbability(at time: Time) -> Double { active(at: time).reorderProbability }
    /// The chance, 0 to 1, that bits of a frame sent at that moment flip on its way.
    public func corruptProbability(at time: Time) -> Double { active(at: time).corruptProbability }
    /// How many times as long the peer takes for a gradient at that moment; 1 where nothing slows it.
    public func slowFactor(peer: PeerID, at time: Time) -> Double { active(at: time).slowFactor(peer: peer) }
    /// When the pause ends in which the peer is at that moment; nil where it is in none.
    public func isPaused(peer: PeerID, at time: Time) -> Time? { active(at: time).isPaused(peer: peer) }
    /// Whether the peer has crashed and is not back at that moment, or has not joined yet.
    public func isDown(peer: PeerID, at time: Time) -> Bool { active(at: time).isDown(peer: peer) }

    /// How far the peer's clock is ahead of the run's, from its jumps so far.
    public func clockOffset(peer: PeerID, at time: Time) -> TimeSpan {
        let passed = jumps[peer]?.filter { $0.time <= time } ?? []
        let longest = TimeSpan.longest.nanoseconds
        return TimeSpan(nanoseconds: passed.reduce(0) { min(max($0 + $1.by.nanoseconds, -longest), longest) })
    }

    private static func effects(of list: FaultList) -> [(window: TimeWindow, effect: Effect)] {
        list.faults.compactMap { fault -> (window: TimeWindow, effect: Effect)? in
            switch fault {
            case .pause, .leave, .clock, .byzantine: return nil
            case .partition(let groups, let window):
                let pairs = groups.enumerated().flatMap { index, group in group.map { ($0, index) } }
                return (window, .partition(Dictionary(uniqueKeysWithValues: pairs)))
            default: return (fault.window, .fault(fault))
            }
        }
            + list.pauses.map { peer, window in
                (window, .paused(peer, until: window.end ?? Time(nanoseconds: .max)))
            }
    }

    /// Goes through the moments at which something changes, with the effects that hold from each on.
    private mutating func fill(_ effects: [(window: TimeWindow, effect: Effect)]) {
        moments = Set([Time.zero] + effects.flatMap { [$0.window.start, $0.window.end].compactMap(\.self) }).sorted()
        let byStart = effects.indices.sorted { (effects[$0].window.start, $0) < (effects[$1].window.start, $1) }
        var next = 0
        var current: [Int] = []
        for moment in moments {
            current.removeAll { !effects[$0].window.isOpen(at: moment) }
            while next < byStart.count, effects[byStart[next]].window.start <= moment {
                current.append(byStart[next])
                next += 1
            }
            var state = ActiveFaults()
            for index in current.sorted() { state.add(effects[index].effect) }
            states.append(state)
        }
    }
}
