import Gossip
import Graphs
import InProcessTransport
import Runtime
import Vectors

/// How the processes of a run find out that all are about to do the same, and with which model they begin.
struct PeerHandshake: ~Copyable {
    /// Who takes part, in the order of the ranks.
    private(set) var hellos: [Hello?]
    /// The model that all begin with, once it has come.
    private var start: Payload?
    /// What came for the node meanwhile.
    private(set) var frames: [Frame] = []
    /// Letters for later.
    private(set) var letters: [RankDesk.Item] = []
    /// Why ranks do not begin.
    private var refusals: [Int: String] = [:]
    private let desk: RankDesk
    private let isClosing: () -> Bool

    init(_ desk: RankDesk, isClosing: @escaping () -> Bool) {
        self.desk = desk
        self.isClosing = isClosing
        hellos = Array(repeating: nil, count: desk.network.count)
    }

    private var others: [Int] { hellos.indices.filter { $0 != desk.network.rank } }

    /// The rank of each peer: the learners by their ranks, the servers behind them.
    var ranksOfPeers: [Int] {
        let learners = hellos.indices.filter { hellos[$0]?.isServer == false }
        return learners + hellos.indices.filter { hellos[$0]?.isServer == true }
    }

    /// Waits until all have introduced themselves. Throws the first difference, and where one is gone; nothing is told
    /// where the peer is closed meanwhile.
    mutating func shake(_ mine: Hello, _ transport: borrowing InProcessTransport) throws(BridgeError) {
        hellos[desk.network.rank] = mine
        desk.send(.hello(mine), to: others)
        while hellos.indices.contains(where: { hellos[$0] == nil && refusals[$0] == nil }) {
            try look(transport)
        }
        for rank in others {
            guard let theirs = hellos[rank], let difference = mine.difference(to: theirs, rank: rank) else {
                continue
            }
            throw BridgeError(.mismatch, difference)
        }
        for rank in others where hellos[rank] == nil { try refuse(rank) }
    }

    /// Throws why a rank does not begin that is needed for it, if it does not.
    private func refuse(_ rank: Int) throws(BridgeError) {
        guard let reason = refusals[rank] else { return }
        throw BridgeError(.unreachable, "rank \(rank) does not begin: \(reason)")
    }

    /// The model that all begin with: that of the first learner. Its rank sends it to the others.
    ///
    /// - Parameter isKept: Whether learners keep their own, so that it is for servers alone.
    mutating func commonStart(
        _ own: Payload?, isKept: Bool, _ transport: borrowing InProcessTransport
    ) throws(BridgeError) -> Payload? {
        let first = ranksOfPeers[0]
        let takers = others.filter { $0 != first && (!isKept || hellos[$0]?.isServer == true) }
        if first == desk.network.rank {
            if let own { desk.send(.start, payload: own, to: takers) }
            return own
        }
        if isKept, let own { return own }
        while start == nil {
            try refuse(first)
            try look(transport)
        }
        return start
    }

    private mutating func look(_ transport: borrowing InProcessTransport) throws(BridgeError) {
        if case .frame(let frame)? = transport.receive(until: nil) { frames.append(frame) }
        guard !isClosing() else { throw BridgeError(.closed, "the peer was closed while it waited for the others") }
        for item in desk.take() {
            switch item {
            case .letter(.hello(let theirs), _, let rank): hellos[rank] = theirs
            case .letter(.start, let payload, _): start = payload
            // Whoever goes now was perhaps there, and is known to be gone when the peer begins.
            case .letter(.refusal(let reason), _, let rank):
                refusals[rank] = reason
                letters.append(item)
            case .letter(.gone(let rank, _), _, _), .silence(let rank):
                refusals[rank] = refusals[rank] ?? "it has gone; see what it says, and start all again"
                letters.append(item)
            case .letter: letters.append(item)
            }
        }
    }
}
