import Gossip
import Graphs

extension Fault {
    /// What is wrong with the fault in a run of so many learners with servers behind them, as a sentence without a full
    /// stop; nil where nothing is.
    func problem(learners: Int, servers: Int) -> String? {
        for peer in named where !(0..<(learners + servers)).contains(peer.rawValue) {
            let known = servers == 0 ? "peers: \(learners)" : "peers: \(learners), servers behind them: \(servers)"
            return "peer \(peer) does not exist (\(known))"
        }
        switch self {
        case .drop(let share, _), .duplicate(let share, _), .reorder(let share, _), .delay(let share, _, _),
            .corrupt(let share, _):
            return (0...1).contains(share) ? nil : "\(kind) is \(share), not a probability from 0 to 1"
        case .cut(let from, let to, _):
            return from == to ? "the cut leads from peer \(from) to itself" : nil
        case .partition(let groups, _): return Self.problem(ofPartition: groups, peers: learners + servers)
        case .slow(_, let factor, _):
            return Self.factors.contains(factor) ? nil : "factor is \(factor), not a number from 0.001 to 1000000"
        case .byzantine(let peer, let attack, let window):
            if attack == .labelFlip, peer.rawValue >= learners {
                return "peer \(peer) is a server and learns from no samples; name a learner"
            }
            return attack.problem(in: window)
        case .crash(_, let window, let isTorn):
            return isTorn && window.end == nil
                ? "torn needs restart_after: only a peer that comes back reads its checkpoint" : nil
        case .join(let peer, let time):
            if time == .zero { return "peer \(peer) joins at 0s and is there from the beginning; give a later moment" }
            return peer.rawValue >= learners
                ? "peer \(peer) is a server, and servers are there from the beginning" : nil
        case .random(let random, _): return random.problem
        case .pause, .leave, .clock: return nil
        }
    }

    private static let factors = 0.001...1e6

    /// The peers that the fault names.
    private var named: [PeerID] {
        switch self {
        case .cut(let from, let to, _): [from, to]
        case .partition(let groups, _): groups.flatMap(\.self)
        case .pause(let peer, _), .crash(let peer, _, _), .join(let peer, _), .leave(let peer, _),
            .clock(let peer, _, _), .slow(let peer, _, _), .byzantine(let peer, _, _):
            [peer]
        case .drop, .duplicate, .reorder, .delay, .corrupt, .random: []
        }
    }

    private static func problem(ofPartition groups: [[PeerID]], peers: Int) -> String? {
        if groups.contains(where: \.isEmpty) { return "a group of the partition is empty" }
        var seen: Set<PeerID> = []
        for peer in groups.flatMap(\.self) where !seen.insert(peer).inserted {
            return "peer \(peer) stands in the partition twice"
        }
        let rest = seen.count < peers ? 1 : 0
        return groups.count + rest < 2 ? "the partition separates nobody: all \(peers) peers are in one group" : nil
    }
}
