import Graphs
import Runtime
import Synchronization

/// The way from a node to the others.
protocol PeerWays: Sendable {
    func send(_ frame: Frame)
    func greet(_ peer: PeerID, connection: UInt64, with greeting: LinkSession.Greeting)
}

extension PeerWays {
    func greet(_ peer: PeerID, connection: UInt64, with greeting: LinkSession.Greeting) {
        preconditionFailure("peer \(peer) is to be greeted where there are no links")
    }
}

/// A peer that has no others.
struct NoWays: PeerWays {
    func send(_ frame: Frame) { preconditionFailure("a peer that is alone sends to \(frame.to)") }
}

/// To the peers of other processes, of which each has one.
final class RankWays: PeerWays {
    private let network: any ProcessNetwork
    /// The rank of each peer.
    private let ranks: [Int]
    private let counts: Mutex<[UInt64]>

    init(_ network: any ProcessNetwork, ranks: [Int]) {
        self.network = network
        self.ranks = ranks
        counts = Mutex(Array(repeating: 0, count: network.count))
    }

    /// Frames sent to each rank.
    var sent: [UInt64] { counts.withLock { $0 } }

    /// The rank of a peer; nil where there is no such peer.
    func rank(of peer: PeerID) -> Int? { ranks.indices.contains(peer.rawValue) ? ranks[peer.rawValue] : nil }

    func send(_ frame: Frame) {
        let rank = ranks[frame.to.rawValue]
        counts.withLock { $0[rank] += 1 }
        network.send(frame, to: rank)
    }
}

/// To the peers at the other ends of links.
struct LinkWays: PeerWays {
    let network: any LinkNetwork

    func send(_ frame: Frame) { network.send(frame) }

    func greet(_ peer: PeerID, connection: UInt64, with greeting: LinkSession.Greeting) {
        network.greet(peer, connection: connection, with: greeting)
    }
}
