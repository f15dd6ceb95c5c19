public import Configuration
public import Gossip
public import Graphs

/// Something that a fault does at one moment.
public struct FaultEvent: Sendable, Hashable {
    /// When it happens, from the beginning of the run.
    public let time: Time
    /// What happens, and to whom.
    public let kind: Kind

    /// What can happen at one moment; faults that only hold for a while, such as losses, have no such moment.
    public enum Kind: Sendable, Hashable {
        /// A cut or a partition is over.
        case heal(Fault)
        case pauseEnd(PeerID)
        /// A dead peer comes back from its last checkpoint, or from the one before if the last is torn.
        case restart(PeerID, isTorn: Bool)
        /// A peer that was not there at first begins.
        case join(PeerID)
        /// A peer is asked to leave.
        case leave(PeerID)
        case clockJump(PeerID, by: TimeSpan)
        /// The peer does nothing until then.
        case pauseBegin(PeerID, until: Time)
        case crash(PeerID)

        /// What ends comes before what begins.
        fileprivate var rank: Int {
            switch self {
            case .heal: 0
            case .pauseEnd: 1
            case .restart: 2
            case .join: 3
            case .clockJump: 4
            case .leave: 5
            case .pauseBegin: 6
            case .crash: 7
            }
        }
    }
}

extension FaultList {
    /// When each peer is paused: windows that overlap or touch are one, and a pause ends when its peer dies. Without
    /// faults that are still to be drawn.
    var pauses: [(peer: PeerID, window: TimeWindow)] {
        var crashes: [PeerID: [Time]] = [:]
        var windows: [PeerID: [TimeWindow]] = [:]
        for fault in faults {
            if case .crash(let peer, let window, _) = fault { crashes[peer, default: []].append(window.start) }
            if case .pause(let peer, let window) = fault { windows[peer, default: []].append(window) }
        }
        return windows.sorted { $0.key < $1.key }.flatMap { peer, windows in
            let alive = windows.map { window in
                let crash = crashes[peer]?.filter { $0 > window.start }.min()
                return crash.flatMap { window.cut(at: $0) } ?? window
            }
            return Self.merged(alive).map { (peer, $0) }
        }
    }

    private static func merged(_ windows: [TimeWindow]) -> [TimeWindow] {
        var merged: [TimeWindow] = []
        for window in windows.sorted(by: { $0.start < $1.start }) {
            guard let last = merged.last, last.touches(window) else {
                merged.append(window)
                continue
            }
            // An end that is nil is never.
            let end = last.end.flatMap { end in window.end.map { max(end, $0) } }
            merged[merged.count - 1] = TimeWindow(from: last.start, until: end)
        }
        return merged
    }

    /// What happens at single moments, in the order of time; at one moment what ends comes before what begins.
    var events: [FaultEvent] {
        var events = pauses.flatMap { peer, window -> [FaultEvent] in
            guard let end = window.end else { preconditionFailure("peer \(peer) is paused forever") }
            return [
                FaultEvent(time: window.start, kind: .pauseBegin(peer, until: end)),
                FaultEvent(time: end, kind: .pauseEnd(peer)),
            ]
        }
        for fault in faults {
            switch fault {
            case .cut(_, _, let window), .partition(_, let window):
                if let end = window.end { events.append(FaultEvent(time: end, kind: .heal(fault))) }
            case .crash(let peer, let window, let isTorn):
                events.append(FaultEvent(time: window.start, kind: .crash(peer)))
                if let end = window.end {
                    events.append(FaultEvent(time: end, kind: .restart(peer, isTorn: isTorn)))
                }
            case .join(let peer, let time): events.append(FaultEvent(time: time, kind: .join(peer)))
            case .leave(let peer, let time): events.append(FaultEvent(time: time, kind: .leave(peer)))
            case .clock(let peer, let span, let time):
                events.append(FaultEvent(time: time, kind: .clockJump(peer, by: span)))
            case .drop, .duplicate, .reorder, .delay, .corrupt, .pause, .slow, .byzantine, .random: break
            }
        }
        let order = events.indices.sorted {
            (events[$0].time, events[$0].kind.rank, $0) < (events[$1].time, events[$1].kind.rank, $1)
        }
        return order.map { events[$0] }
    }
}
