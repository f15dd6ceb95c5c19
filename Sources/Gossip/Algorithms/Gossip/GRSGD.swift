public import Configuration
import Graphs

/// Gossip ring SGD: peers on a ring push their models, with sum weights, as fast as the network carries them, and never
/// wait.
///
/// Citation: Zhou Jia, Tu Jun, Ren Donglin, Asynchronous distributed training algorithm based on gossip, Journal of
/// Hubei University of Technology 2023 (1), 43-47. Only its abstract could be read: a ring, gossip, SGD, no waiting.
///
/// Update rule, with the model in k chunks and a weight `a_c = 1/n` for each at first, in every step:
///
///     x <- optimizer(x, g(x))
///     if no push is under way, the t-th is of c = (i - t) mod k:   a_c <- a_c / 2, send (x_c, a_c) to the neighbour
///     when (y_c, b_c) comes:   x_c <- (a_c x_c + b_c y_c) / (a_c + b_c),  a_c <- a_c + b_c
///
/// Assumptions: each peer can reach the next in the ring of the peers' numbers; the graph is not used. The sum of each
/// chunk's weights over peers and messages stays 1.
///
/// Departures: the rule is a reading of the abstract. With one chunk it is GoSGD on a ring, overlapped; with n chunks
/// it is ring all-reduce spread over the steps and not waited for. Chunks take turns by the push and not by the step,
/// so that none is left out when every so many steps are without one. The ring closes over peers that are gone. A
/// message that will never be delivered gives its weight back. A weight of next to nothing is not halved further.
public struct GRSGD: Algorithm {
    enum Direction: String, CaseIterable, Codable, Sendable { case successor, alternate }

    static let every = Option.integer("every", default: 1, in: 1 ... .max, "steps between two pushes at the least (H)")
    static let direction = Option<Direction>.choice(
        "direction", default: .successor,
        "whether pushes go to the next peer always, or to it and the one before in turn"
    )
    static let chunks = Option.integer(
        "chunks", default: 1, in: 1...1_000_000, "pieces of the model, one of which is pushed at a time")

    public static let description = Description(
        name: "grsgd", summary: "gossip on a ring, as fast as the network carries it (Zhou et al. 2023)",
        options: [every.description, direction.description, chunks.description],
        refusals: AggregationRefusal.mass)
    public static let traits = Traits(faultTolerance: [.crash, .restart], stepsFirst: true)

    private static let leastWeight = 1e-200

    private let me: Int
    private let peers: Int
    private let every: UInt64
    private let direction: Direction
    private var stepCounter: StepCounter
    private var absentPeers = AbsentPeers()
    /// A weight for each chunk; together they are a peer's share of 1.
    private var weights: [Double]
    private var underWay: Push?
    /// Pushes so far, those that had no weight to give included.
    private var pushes: UInt64 = 0

    /// A push that is neither delivered nor returned.
    private struct Push: Sendable, Codable {
        let id: MessageID
        let chunk: Int
        let weight: Double
    }

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        me = setup.me.rawValue
        peers = setup.peers
        every = UInt64(try options.value(Self.every))
        direction = try options.value(Self.direction)
        let chunks = try options.value(Self.chunks)
        weights = [Double](repeating: 1 / Double(setup.peers) / Double(chunks), count: chunks)
        stepCounter = StepCounter(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            effects.gradient()
        case .gradientReady:
            effects.update()
            if stepCounter.step % every == 0, underWay == nil { push(&effects) }
            stepCounter.advance()
            if stepCounter.isDone { effects.finish() } else { effects.gradient() }
        case .received(.some(let payload), let metadata, _):
            merge(payload, chunk: Int(metadata.tag), weight: metadata.weight, &effects)
        case .delivered(let id):
            if underWay?.id == id { underWay = nil }
        case .returned(let id, .some(let payload)):
            guard let push = underWay, push.id == id else { break }
            underWay = nil
            merge(payload, chunk: push.chunk, weight: push.weight, &effects)
        case .peerLeft(let peer):
            absentPeers.left(peer)
        case .peerJoined(let peer):
            absentPeers.joined(peer)
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }

    /// Each of the chunks' weights is rounded when they are added up.
    public var invariants: [Invariant] {
        let tolerance = max(1e-12, 2 * Double(weights.count) * Double.ulpOfOne)
        return [Invariant(name: Invariant.mass, total: 1, held: weights.reduce(0, +), tolerance: tolerance)]
    }

    /// The peer's share of 1 of each number of a model, by the weight of its chunk: for checkers.
    package func shares(count: Int) -> [Double] {
        var shares = [Double](repeating: 0, count: count)
        for chunk in weights.indices {
            for number in Part(chunk, of: weights.count).range(in: count) {
                shares[number] = weights[chunk] * Double(weights.count)
            }
        }
        return shares
    }

    private mutating func push(_ effects: inout Effects) {
        let (round, turn) = pushes.quotientAndRemainder(dividingBy: UInt64(weights.count))
        let chunk = (me + weights.count - Int(turn)) % weights.count
        guard let target = neighbour(isForward: direction == .successor || round.isMultiple(of: 2)) else { return }
        pushes += 1
        guard weights[chunk] >= Self.leastWeight else { return }
        weights[chunk] /= 2
        let id = effects.send(
            .model, part: Part(chunk, of: weights.count),
            metadata: Metadata(round: stepCounter.step, tag: UInt32(chunk), weight: weights[chunk]), to: target)
        underWay = Push(id: id, chunk: chunk, weight: weights[chunk])
    }

    /// The next living peer in that direction; nil where there is none.
    private func neighbour(isForward: Bool) -> PeerID? {
        let ring = (1..<max(peers, 1)).map { PeerID((me + (isForward ? $0 : peers - $0)) % peers) }
        return ring.first { !absentPeers.contains($0) }
    }

    private mutating func merge(_ payload: PayloadID, chunk: Int, weight: Double, _ effects: inout Effects) {
        guard weights.indices.contains(chunk) else { return effects.release(payload) }
        let part = Part(chunk, of: weights.count)
        let total = weights[chunk] + weight
        if total > 0 {
            effects.combine(
                into: .model, part: part, Term(1, .model, part: part),
                Term(weight / total, .received(payload), minus: .model))
        }
        weights[chunk] = total
    }
}
