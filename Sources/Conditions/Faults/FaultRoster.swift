import Gossip
import Graphs

/// Which peers are down when, and what is done to them: refuses what cannot happen together.
struct FaultRoster {
    let learners: Int
    private var downs: [PeerID: [(window: TimeWindow, index: Int)]] = [:]
    /// Moments at which a peer must be there: `be paused`, `have its clock set`.
    private var presences: [PeerID: [(time: Time, verb: String, index: Int)]] = [:]
    private var lies: [PeerID: [(window: TimeWindow, index: Int)]] = [:]

    init(learners: Int) { self.learners = learners }

    /// Takes a fault in, which then stands in the way of others; `index` is its place in the list.
    mutating func add(_ fault: Fault, index: Int) {
        switch fault {
        case .crash(let peer, let window, _): downs[peer, default: []].append((window, index))
        case .join(let peer, let time): downs[peer, default: []].append((TimeWindow(until: time), index))
        case .leave(let peer, let time): downs[peer, default: []].append((TimeWindow(from: time), index))
        case .byzantine(let peer, _, let window): lies[peer, default: []].append((window, index))
        default:
            guard let (peer, time, verb) = Self.presence(fault) else { return }
            presences[peer, default: []].append((time, verb, index))
        }
    }

    /// Why the fault cannot happen beside the others; nil where it can.
    func conflict(of fault: Fault) -> String? {
        switch fault {
        case .crash(let peer, let window, _):
            for down in downs[peer] ?? [] where down.window.touches(window) {
                let (first, second) = down.window.start <= window.start ? (down.window, window) : (window, down.window)
                return Self.absence(peer, first, "crash", second.start, down.index)
            }
            for presence in presences[peer] ?? [] where window.contains(presence.time) {
                return Self.absence(peer, window, presence.verb, presence.time, presence.index)
            }
            return nil
        case .join(let peer, let time):
            let absence = TimeWindow(until: time)
            for down in downs[peer] ?? [] where down.window.touches(absence) {
                return Self.absence(peer, down.window, "join", time, down.index)
            }
            for presence in presences[peer] ?? [] where absence.contains(presence.time) {
                return Self.absence(peer, absence, presence.verb, presence.time, presence.index)
            }
            return keepsALearner(without: peer, absence) ? nil : "no learner is there at the beginning: all join later"
        case .leave(let peer, let time):
            let absence = TimeWindow(from: time)
            for down in downs[peer] ?? [] where down.window.touches(absence) {
                return Self.absence(peer, down.window, "leave", time, down.index)
            }
            for presence in presences[peer] ?? [] where absence.contains(presence.time) {
                return Self.absence(peer, absence, presence.verb, presence.time, presence.index)
            }
            return keepsALearner(without: peer, absence) ? nil : "no learner is left: all have died or leave"
        case .byzantine(let peer, _, let window):
            if let other = lies[peer]?.first(where: { $0.window.overlaps(window) }) {
                return "peer \(peer) is byzantine in one way at a time, and is so \(other.window.words) already "
                    + "(see faults[\(other.index)])"
            }
            let others = lies.keys.filter { $0 != peer && $0.rawValue < learners }
            return peer.rawValue < learners && others.count + 1 >= learners
                ? "no learner is honest: all are byzantine; leave one out" : nil
        default:
            guard let (peer, time, verb) = Self.presence(fault) else { return nil }
            return downs[peer]?.first { $0.window.contains(time) }.map {
                Self.absence(peer, $0.window, verb, time, $0.index)
            }
        }
    }

    /// Whether some learner is alive at every moment when this peer is down in that window, too.
    func keepsALearner(without peer: PeerID, _ window: TimeWindow) -> Bool {
        guard peer.rawValue < learners else { return true }
        let others = downs.filter { $0.key != peer && $0.key.rawValue < learners }
        let starts = others.values.flatMap(\.self).map(\.window.start)
            .filter { window.contains($0) || window.end == $0 }
        return ([window.start] + starts).allSatisfy { time in
            others.count { $0.value.contains { down in down.window.contains(time) || down.window.end == time } }
                < learners - 1
        }
    }

    /// The moment at which the last learner has died, if none of them comes back.
    var endOfAll: Time? {
        let ends = (0..<learners).map { peer in
            downs[PeerID(peer)]?.first { $0.window.end == nil }?.window.start
        }
        guard !ends.contains(nil) else { return nil }
        return ends.compactMap(\.self).max()
    }

    private static func presence(_ fault: Fault) -> (PeerID, Time, String)? {
        switch fault {
        case .pause(let peer, let window): (peer, window.start, "be paused")
        case .clock(let peer, _, let time): (peer, time, "have its clock set")
        default: nil
        }
    }

    private static func absence(_ peer: PeerID, _ down: TimeWindow, _ verb: String, _ time: Time, _ index: Int)
        -> String
    {
        "peer \(peer) is down \(down.words) and cannot \(verb) at \(time.span) (see faults[\(index)])"
    }
}
