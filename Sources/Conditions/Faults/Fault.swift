public import Configuration
public import Gossip
public import Graphs

/// Something that goes wrong in a run. `description` is its form in an experiment file.
public enum Fault: Sendable, Hashable {
    /// Each frame vanishes with this probability.
    case drop(Double, TimeWindow)
    /// Each frame arrives twice with this probability.
    case duplicate(Double, TimeWindow)
    /// Each frame is held back with this probability, until later ones have overtaken it.
    case reorder(Double, TimeWindow)
    /// Each frame takes so much longer with this probability.
    case delay(Double, by: TimeSpan, TimeWindow)
    /// Each frame arrives with flipped bits with this probability.
    case corrupt(Double, TimeWindow)
    /// No frame passes from one peer to another; the other direction is not concerned.
    case cut(from: PeerID, to: PeerID, TimeWindow)
    /// No frame passes between groups of peers. Peers that no group names are one more group together.
    case partition([[PeerID]], TimeWindow)
    /// A peer does nothing: it handles what has come, and what its timers say, when the window ends.
    case pause(PeerID, TimeWindow)
    /// A peer dies with all it holds, and comes back at the end of the window, if there is one, as it was at its last
    /// checkpoint. If that one is torn, as it was at the one before.
    case crash(PeerID, TimeWindow, isTorn: Bool)
    /// A peer is not there at first, and joins at that moment with no share of what the others hold.
    case join(PeerID, at: Time)
    /// A peer leaves on purpose, for good, once what it holds of a whole has gone to others. On an open network alone.
    case leave(PeerID, at: Time)
    /// A peer's clock jumps and goes on from there.
    case clock(PeerID, by: TimeSpan, at: Time)
    /// A peer takes so many times as long for its gradients.
    case slow(PeerID, factor: Double, TimeWindow)
    /// A peer sends what it should not, or learns what it should not.
    case byzantine(PeerID, Attack, TimeWindow)
    /// Faults drawn from a seed; a list that `expanded(until:)` has returned has none.
    case random(RandomFaults, TimeWindow)

    /// The words by which a list names faults.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case drop, duplicate, reorder, delay, corrupt, cut, partition, pause, crash, join, leave, clock, slow,
            byzantine, random
    }

    /// The word by which a fault list names what this fault does.
    public var kind: Kind {
        switch self {
        case .drop: .drop
        case .duplicate: .duplicate
        case .reorder: .reorder
        case .delay: .delay
        case .corrupt: .corrupt
        case .cut: .cut
        case .partition: .partition
        case .pause: .pause
        case .crash: .crash
        case .join: .join
        case .leave: .leave
        case .clock: .clock
        case .slow: .slow
        case .byzantine: .byzantine
        case .random: .random
        }
    }

    /// When the fault holds; of a crash, when the peer is down, and of a joining, when it is not there yet. A clock's
    /// jump and a leaving hold from their moment on.
    public var window: TimeWindow {
        switch self {
        case .drop(_, let window), .duplicate(_, let window), .reorder(_, let window), .delay(_, _, let window),
            .corrupt(_, let window), .cut(_, _, let window), .partition(_, let window), .pause(_, let window),
            .crash(_, let window, _), .slow(_, _, let window), .byzantine(_, _, let window), .random(_, let window):
            window
        case .join(_, let time): TimeWindow(until: time)
        case .leave(_, let time), .clock(_, _, let time): TimeWindow(from: time)
        }
    }

    /// The same fault in another window; a clock's jump is at its start, a joining at its end.
    func during(_ window: TimeWindow) -> Fault {
        switch self {
        case .drop(let share, _): .drop(share, window)
        case .duplicate(let share, _): .duplicate(share, window)
        case .reorder(let share, _): .reorder(share, window)
        case .delay(let share, let span, _): .delay(share, by: span, window)
        case .corrupt(let share, _): .corrupt(share, window)
        case .cut(let from, let to, _): .cut(from: from, to: to, window)
        case .partition(let groups, _): .partition(groups, window)
        case .pause(let peer, _): .pause(peer, window)
        case .crash(let peer, _, let isTorn): .crash(peer, window, isTorn: isTorn)
        case .join(let peer, let time): .join(peer, at: window.end ?? time)
        case .leave(let peer, _): .leave(peer, at: window.start)
        case .clock(let peer, let span, _): .clock(peer, by: span, at: window.start)
        case .slow(let peer, let factor, _): .slow(peer, factor: factor, window)
        case .byzantine(let peer, let attack, _): .byzantine(peer, attack, window)
        case .random(let random, _): .random(random, window)
        }
    }
}
