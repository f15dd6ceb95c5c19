public import Configuration
import Graphs

/// Winner takes all: peers learn alone for some samples, score their models, and all take over the best one.
///
/// Citation: S. Temani, M. Jivrajani, NetTorrent, DSC-PESU, 2019, github.com/dscpesu/NetTorrent; its data-parallel
/// half, for any number of peers.
///
/// Update rule of a round:
///
///     x_i <- optimizer(x_i, g_i(x_i)) until s samples are seen
///     a_i <- the score of x_i, told to all;  b <- the peer with the greatest a, the lowest number among equals
///     x_i <- x_b, and peers other than b forget the optimizer's state
///
/// The run ends when the best score comes to the threshold, if there is one.
///
/// Assumptions: any two peers can reach each other; the graph is not used. Every peer lives: when one dies the others
/// give up.
///
/// Departures: the score is the accuracy on samples set apart for validation (below nothing the loss, where there is no
/// accuracy), where the published code takes the test set. Models go by message and not by file, peers do not wait in
/// a loop, and a tie has an answer. The gradients of all but one peer are lost in every round, as there.
public struct BestPeer: Algorithm {
    static let samples = Option.integer(
        "samples", default: 1000, in: 1 ... .max, "samples that each peer learns from in a round (s)")
    static let threshold = Option.optionalNumber("threshold", "best score at which the run ends; null: none")

    public static let description = Description(
        name: "best-peer", summary: "rounds alone, then all take over the best model (NetTorrent 2019)",
        options: [samples.description, threshold.description])
    public static let traits = Traits(isLockStep: true, needsScores: true)

    private enum Channel {
        static let score: UInt32 = 0
        /// A score after which the peer makes no more steps.
        static let lastScore: UInt32 = 1
        static let model: UInt32 = 2
    }

    private let me: PeerID
    private let peers: Int
    private let samplesPerRound: Int
    private let threshold: Double?
    private var stepCounter: StepCounter
    private var round: UInt64 = 0
    /// Samples seen in this round.
    private var seen = 0
    private var isWaiting = false
    /// What has come, by round; others may be a round ahead.
    private var scores: [UInt64: [PeerID: Double]] = [:]
    private var best: PayloadID?
    /// The last rounds of peers that have made their steps.
    private var lastRounds: [PeerID: UInt64] = [:]
    private var hasEnded = false

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        me = setup.me
        peers = setup.peers
        samplesPerRound = try options.value(Self.samples)
        threshold = try options.value(Self.threshold)
        stepCounter = StepCounter(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            effects.gradient()
        case .gradientReady(_, _, let samples):
            effects.update()
            stepCounter.advance()
            seen += samples
            if seen >= samplesPerRound || stepCounter.isDone { effects.score(.model) } else { effects.gradient() }
        case .scored(let score):
            tell(score.isNaN ? -.greatestFiniteMagnitude : score, &effects)
        case .received(.none, let metadata, let sender):
            scores[metadata.round, default: [:]][sender] = metadata.weight
            if metadata.tag == Channel.lastScore { lastRounds[sender] = metadata.round }
            finishRound(&effects)
        case .received(.some(let payload), _, _):
            effects.keep(payload)
            best = payload
            finishRound(&effects)
        case .peerLeft(let peer):
            if !hasEnded, players.contains(peer) {
                effects.giveUp(Self.description.name, without: peer, "every round needs all scores")
            }
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }

    /// The other peers that take part in this round.
    private var players: [PeerID] {
        (0..<peers).map { PeerID($0) }.filter { $0 != me && round <= lastRounds[$0, default: .max] }
    }

    private mutating func tell(_ score: Double, _ effects: inout Effects) {
        scores[round, default: [:]][me] = score
        let tag = stepCounter.isDone ? Channel.lastScore : Channel.score
        for peer in players { send(nil, tag, weight: score, to: peer, &effects) }
        isWaiting = true
        finishRound(&effects)
    }

    /// Takes over the best model once all scores are there, and that model.
    private mutating func finishRound(_ effects: inout Effects) {
        let scores = scores[round, default: [:]]
        guard isWaiting, players.allSatisfy({ scores[$0] != nil }) else { return }
        guard let winner = scores.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return }
        if winner.key == me {
            for peer in players { send(.model, Channel.model, to: peer, &effects) }
        } else {
            guard let best else { return }
            effects.combine(into: .model, Term(1, .received(best)))
            effects.release(best)
            effects.resetOptimizer()
        }
        (best, isWaiting, seen) = (nil, false, 0)
        self.scores[round] = nil
        round += 1
        hasEnded = stepCounter.isDone || winner.value >= threshold ?? .infinity
        if hasEnded { effects.finish() } else { effects.gradient() }
    }

    private mutating func send(
        _ vector: Vector?, _ tag: UInt32, weight: Double = 0, to peer: PeerID, _ effects: inout Effects
    ) {
        effects.send(
            vector, metadata: Metadata(round: round, tag: tag, weight: weight), to: peer)
    }
}
