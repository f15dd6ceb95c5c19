import Graphs

/// How a peer comes in that was not there at first, where every peer holds a share of one whole: it asks another one,
/// the donor, who gives it half of its share with its model. Nothing is added to the whole, so that what theory says of
/// it goes on to hold; the joiner begins as its donor's equal.
///
/// The question is asked again when the donor is gone, or begins another life. Who has nothing itself is no donor and
/// says so; then the next one is asked, and whoever comes back or joins is asked, too. So nobody waits for one who
/// waits.
struct JoinRequest: Sendable, Codable {
    /// The tag of questions, which carry no vector, and of gifts.
    static let tag: UInt32 = 1
    /// The tag of the answer that there is nothing to give.
    static let refusal: UInt32 = 2

    private let me: PeerID
    private let graph: Graph
    private let joiners: Set<PeerID>
    /// Whether the peer has no share of the whole yet.
    private(set) var lacksShare: Bool
    /// Whether it has not begun yet. One that found nobody who has anything may begin all the same, without a share.
    private(set) var isWaiting: Bool
    private var hasStarted = false
    private var donor: PeerID?
    private var question: MessageID?
    /// Who has said that it has nothing to give.
    private var refusals: Set<PeerID> = []
    /// Who has asked this peer and waits, in the order of their questions.
    private(set) var askers: [PeerID] = []

    init(_ setup: Setup) {
        me = setup.me
        graph = setup.graph
        joiners = setup.joiners
        isWaiting = setup.isJoiner
        lacksShare = setup.isJoiner
    }

    func isJoiner(_ peer: PeerID) -> Bool { joiners.contains(peer) }

    /// From now on questions may be asked: it is known who is there.
    mutating func start() { hasStarted = true }

    /// Asks one of those who are there and have not said no, if nobody has been asked: the first of them, but a founder
    /// rather than one who may be waiting, too, and where `prefersNeighbours` one who may send to this peer. False
    /// where nobody is left to ask.
    mutating func ask(
        without absentPeers: AbsentPeers, prefersNeighbours: Bool, _ effects: inout Effects
    ) -> Bool {
        guard lacksShare, hasStarted, donor == nil else { return true }
        func possible(_ peers: [PeerID]) -> [PeerID] {
            absentPeers.present(peers).filter { $0 != me && !refusals.contains($0) }
        }
        let all = possible((0..<graph.peers).map { PeerID($0) })
        let near = prefersNeighbours ? possible(graph.senders(to: me, round: 0)) : []
        let founders = [near, all].map { $0.filter { !joiners.contains($0) } }
        guard let chosen = (founders + [near, all]).lazy.compactMap(\.first).first else { return false }
        donor = chosen
        question = effects.send(nil, metadata: Metadata(tag: Self.tag), to: chosen)
        return true
    }

    /// The donor is gone, and so may be what it gave; or one who asked. Whoever said no may stand in its place now.
    mutating func left(_ peer: PeerID) {
        if donor == peer { donor = nil }
        refusals = []
        askers.removeAll { $0 == peer }
    }

    /// A peer is there from now on, and may have something to give.
    mutating func joined(_ peer: PeerID) { refusals.remove(peer) }

    /// The question was not answered: who was asked is gone, or has begun another life; which of both is told next.
    mutating func returned(_ id: MessageID) { if question == id { donor = nil } }

    /// Who was asked has nothing to give.
    mutating func refused(by peer: PeerID) {
        refusals.insert(peer)
        if donor == peer { donor = nil }
    }

    /// Tells one who asked that this peer has nothing to give.
    mutating func refuse(_ asker: PeerID, _ effects: inout Effects) {
        effects.send(nil, metadata: Metadata(tag: Self.refusal), to: asker)
    }

    /// Whether this peer is the one who lets others into the rounds of an exchange: the first founder who is there, or
    /// else the first of those who came later. One for all: two at a time could not know of each other's joiners.
    func letsIn(_ asker: PeerID, _ exchange: NeighbourExchange) -> Bool {
        guard isJoiner(me) else { return true }
        let members = Set(exchange.members(of: graph.peers)).subtracting([asker])
        let first = exchange.beginnings.filter { members.contains($0.peer) }.min {
            ($0.round, $0.peer) < ($1.round, $1.peer)
        }
        return !isWaiting && members.allSatisfy(isJoiner) && first?.peer == me
    }

    mutating func asked(by peer: PeerID) { askers.append(peer) }

    /// These wait no longer.
    mutating func answer(_ peers: [PeerID]) { askers.removeAll(where: peers.contains) }

    /// The peer begins, with a share or without one.
    mutating func begin() { isWaiting = false }

    /// The peer has a share from now on.
    mutating func receiveShare() { lacksShare = false }
}
