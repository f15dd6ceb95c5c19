import Configuration
import Gossip
import Graphs

/// What the faults of a list come to together, where each alone is in bounds.
struct FaultSums {
    private var delay = TimeSpan(nanoseconds: 0)
    private var jumps: [PeerID: TimeSpan] = [:]
    private var stragglerDelay: [PeerID: [(window: TimeWindow, factor: Double)]] = [:]

    /// Takes a fault in; what is wrong with the sum then, as a sentence without a full stop, nil where nothing is.
    mutating func add(_ fault: Fault) -> String? {
        switch fault {
        case .delay(_, let span, _):
            guard let sum = Self.sum(delay, span) else { return "the delays add up to more than \(TimeSpan.longest)" }
            delay = sum
        case .clock(let peer, let span, _):
            guard let sum = Self.sum(jumps[peer] ?? TimeSpan(nanoseconds: 0), span) else {
                return "the clock of peer \(peer) jumps by more than \(TimeSpan.longest) in all"
            }
            jumps[peer] = sum
        case .slow(let peer, let factor, let window):
            stragglerDelay[peer, default: []].append((window, factor))
            let product = (stragglerDelay[peer] ?? []).reduce(1) {
                $1.window.overlaps(window) ? min($0 * max(1, $1.factor), 1e12) : $0
            }
            if product > 1e9 { return "the factors of peer \(peer) multiply to more than 1000000000" }
        default: break
        }
        return nil
    }

    /// The sum of two lengths; nil where it is longer than there may be.
    private static func sum(_ a: TimeSpan, _ b: TimeSpan) -> TimeSpan? {
        let sum = a.nanoseconds + Int64(b.nanoseconds.magnitude)
        return sum <= TimeSpan.longest.nanoseconds ? TimeSpan(nanoseconds: sum) : nil
    }
}
