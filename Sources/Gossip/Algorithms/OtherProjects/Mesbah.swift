public import Configuration
import Graphs
import Randomness

/// The exchange of a student project that calls itself gossip: pulls from uniformly random peers, weighed by a matrix
/// that the peers are not drawn by.
///
/// Citation: A. Mesbah, Distributed deep learning with gossip, notebook DDL_Gossip,
/// github.com/amirhosein-mesbah/Deep_Learning.
///
/// Update rule for peer i with its row w of the matrix, after each step `x <- optimizer(x, g(x))`, with probability p,
/// for another peer j drawn uniformly:
///
///     decaying:   w_ij <- w_ij / 2,  x_i <- (w_ii x_i + w_ij x_j) / (w_ii + w_ij),  w_ii <- w_ii + w_ij
///     fixed:      x_i <- (w_ii x_i + w_ij x_j) / (w_ii + w_ij)
///
/// Nothing happens where w_ij is 0. The matrix is uniform (1/n), random (whole numbers below 20, each row brought to a
/// sum of 1; for five peers the notebook's), or periodic (the notebook's four of five peers, in turn, by fixed only).
///
/// Assumptions: any two peers can reach each other; the graph is not used. Nothing is conserved: under the decaying
/// rule, whose w_ij are never made good, peers soon learn alone.
///
/// Departures: the notebook simulates its peers in turn, and reads the other's model at the next batch; here it is
/// asked for and waited for between two steps. Momentum stays with the peer, as there. Its accuracies are too high by
/// 79/78, and its row for p = 0.1 was run with 0.01.
public struct Mesbah: Algorithm {
    enum Rule: String, CaseIterable, Codable, Sendable { case decaying, fixed }

    static let rule = Option<Rule>.choice("rule", default: .decaying, "whether weights change with every pull")
    static let probability = Option.number(
        "probability", default: 0.2, in: 0...1, "chance that a step ends with a pull (p)")
    static let matrix = Option<MesbahMatrix.Kind>.choice(
        "matrix", default: .uniform, "the weights that peers begin with")

    public static let description = Description(
        name: "mesbah", summary: "pulls from random peers by weights of their own (Mesbah)",
        options: [rule.description, probability.description, matrix.description])
    public static let traits = Traits(faultTolerance: [.crash, .restart])

    private let me: PeerID
    private let peers: Int
    private let isDecaying: Bool
    private let probability: Double
    private var weights: MesbahMatrix
    private var random: RandomStream
    private var stepCounter: StepCounter
    private var absentPeers = AbsentPeers()
    /// Whose model is awaited.
    private var partner: PeerID?

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        let kind = try options.value(Self.matrix)
        isDecaying = try options.value(Self.rule) == .decaying
        guard !isDecaying || kind != .periodic else {
            throw ConfigurationError(
                key: "matrix", "periodic matrices do not decay; choose rule: fixed or another matrix")
        }
        me = setup.me
        peers = setup.peers
        probability = try options.value(Self.probability)
        weights = try MesbahMatrix(kind, of: setup.me, peers: setup.peers, seed: setup.seed)
        random = RandomStream(seed: setup.seed, purpose: .algorithm, peer: setup.me.rawValue)
        stepCounter = StepCounter(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            effects.gradient()
        case .gradientReady:
            effects.update()
            stepCounter.advance()
            if stepCounter.isDone { effects.finish() } else { pull(&effects) }
        case .received(.none, let metadata, let asker):
            send(.model, round: metadata.round, to: asker, &effects)
        case .received(.some(let payload), let metadata, let sender):
            if sender == partner, metadata.round == stepCounter.step {
                merge(payload, of: sender, &effects)
                goOn(&effects)
            }
        case .peerLeft(let peer):
            absentPeers.left(peer)
            if partner == peer { goOn(&effects) }
        case .peerJoined(let peer):
            absentPeers.joined(peer)
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }

    /// Asks a peer for its model, or goes on at once.
    private mutating func pull(_ effects: inout Effects) {
        let isDue = random.bernoulli(probability) && peers > 1
        let drawn = isDue ? random.integer(below: peers - 1) : 0
        let peer = PeerID(drawn < me.rawValue ? drawn : drawn + 1)
        guard isDue, !absentPeers.contains(peer), weights.weight(on: peer, round: stepCounter.step) > 0 else {
            return effects.gradient()
        }
        partner = peer
        send(nil, round: stepCounter.step, to: peer, &effects)
    }

    private mutating func merge(_ payload: PayloadID, of peer: PeerID, _ effects: inout Effects) {
        if isDecaying { weights.halve(peer) }
        let own = weights.weight(on: me, round: stepCounter.step)
        let other = weights.weight(on: peer, round: stepCounter.step)
        guard own + other > 0 else { return }
        effects.combine(
            into: .model, Term(1, .model), Term(other / (own + other), .received(payload), minus: .model))
        if isDecaying { weights.add(other, to: me) }
    }

    private mutating func goOn(_ effects: inout Effects) {
        partner = nil
        if stepCounter.isDone { effects.finish() } else { effects.gradient() }
    }

    private mutating func send(_ vector: Vector?, round: UInt64, to peer: PeerID, _ effects: inout Effects) {
        effects.send(vector, metadata: Metadata(round: round), to: peer)
    }
}
