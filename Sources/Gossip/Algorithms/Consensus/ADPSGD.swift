public import Configuration
import Graphs
import Randomness

/// Asynchronous decentralised parallel SGD: pairs of neighbours average their models all the time, beside the gradients
/// and without waiting for them.
///
/// Citation: X. Lian, W. Zhang, C. Zhang, J. Liu, Asynchronous decentralized parallel stochastic gradient descent, ICML
/// 2018, arXiv:1710.06952.
///
/// Update rule. The graph has two sides; only the peers of the one that peer 0 is not on begin exchanges, so that no
/// two peers wait for each other:
///
///     i sends x_i to a neighbour j drawn uniformly and remembers it as s
///     j answers with x_j at once, and goes to the middle:     x_j <- (x_j + s) / 2
///     i takes its half of the difference:                     x_i <- x_i + (x_j - s) / 2
///     beside that, everybody:                                 x <- optimizer(x, g(x as it was when g began))
///
/// What i adds is what j loses, whatever steps i has made meanwhile: the sum of the models moves by the gradients only.
///
/// Assumptions: a connected bipartite graph whose edges go both ways; on others there are peers that never meet.
///
/// Departures: a peer has one exchange under way at a time and begins at most one a gradient step. When j dies the
/// exchange is void; when i dies before it has the answer, j has moved alone and the mean with it.
public struct ADPSGD: Algorithm {
    public static let description = Description(
        name: "adpsgd", summary: "AD-PSGD: pairs average at any time; bipartite graphs (Lian et al. 2018)",
        refusals: AggregationRefusal.pair)
    public static let traits = Traits(
        faultTolerance: [.crash, .restart], needs: [.connected, .bipartite], graphUse: .edges)

    private enum Channel {
        static let offer: UInt32 = 0
        static let answer: UInt32 = 1
    }

    /// The model as it was offered.
    private static let offered = Vector.named(0)

    private let me: PeerID
    private let graph: Graph
    private let isActive: Bool
    private var random: RandomStream
    private var stepCounter: StepCounter
    private var absentPeers = AbsentPeers()
    /// With whom an exchange is under way, the message that began it, and its number.
    private var partner: PeerID?
    private var request: MessageID?
    private var exchange: UInt64 = 0
    /// Whether the gradient step under way has had its exchange.
    private var hasOffered = false

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        guard !setup.graph.hasOneWayEdges else {
            throw ConfigurationError(
                key: nil,
                "adpsgd needs edges that go both ways, and some of topology '\(setup.graph.name)' do not; choose ring, "
                    + "star or another undirected graph")
        }
        me = setup.me
        graph = setup.graph
        isActive = graph.isOnFirstSide(me) == false
        random = RandomStream(seed: setup.seed, purpose: .algorithm, peer: setup.me.rawValue)
        stepCounter = StepCounter(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            begin(&effects)
        case .gradientReady:
            effects.update()
            stepCounter.advance()
            if stepCounter.isDone { effects.finish() } else { begin(&effects) }
        case .received(.some(let payload), let metadata, let sender):
            if metadata.tag == Channel.offer {
                answer(payload, metadata, to: sender, &effects)
            } else {
                accept(payload, metadata, from: sender, &effects)
            }
        case .returned(let id, .some):
            if id == request { partner = nil }
        case .peerLeft(let peer):
            absentPeers.left(peer)
            if partner == peer { partner = nil }
        case .peerJoined(let peer):
            absentPeers.joined(peer)
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }

    private mutating func begin(_ effects: inout Effects) {
        hasOffered = false
        offer(&effects)
        effects.gradient()
    }

    /// Begins an exchange, if this peer may and none is under way.
    private mutating func offer(_ effects: inout Effects) {
        guard isActive, partner == nil, !hasOffered, !stepCounter.isDone else { return }
        guard let peer = absentPeers.draw(from: graph, of: me, round: stepCounter.step, &random) else { return }
        hasOffered = true
        partner = peer
        exchange += 1
        effects.combine(into: Self.offered, Term(1, .model))
        request = send(Channel.offer, exchange, to: peer, &effects)
    }

    /// The other side of an exchange: the answer is the model as it was before.
    private mutating func answer(_ payload: PayloadID, _ metadata: Metadata, to peer: PeerID, _ effects: inout Effects)
    {
        send(Channel.answer, metadata.round, to: peer, &effects)
        effects.combine(into: .model, Term(0.5, .model), Term(0.5, .received(payload)))
    }

    private mutating func accept(
        _ payload: PayloadID, _ metadata: Metadata, from peer: PeerID, _ effects: inout Effects
    ) {
        if peer == partner, metadata.round == exchange {
            effects.combine(into: .model, Term(1, .model), Term(0.5, .received(payload), minus: Self.offered))
            partner = nil
        }
        offer(&effects)
    }

    @discardableResult
    private mutating func send(
        _ tag: UInt32, _ number: UInt64, to peer: PeerID, _ effects: inout Effects
    ) -> MessageID {
        effects.send(.model, metadata: Metadata(round: number, tag: tag), to: peer)
    }
}
