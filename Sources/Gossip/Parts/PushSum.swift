import Graphs

/// The weight that travels with a push-sum numerator, and what is on its way of it: a peer's half of push-sum.
///
/// Citation: D. Kempe, A. Dobra, J. Gehrke, Gossip-based computation of aggregate information, FOCS 2003.
///
/// Rule: a peer with numerator x and weight w keeps a share of both, and sends the same share to each receiver; the
/// shares add up to 1. What arrives is added. So the sums of x and of w over peers and messages stay, whoever sends to
/// whom, and `x / w` goes to the mean.
///
/// Shares are numbers that float32 has exactly, so that x, in float32, and w, in float64, are scaled by the very same
/// factor in thousands of rounds. The numerator is the model; `.named(0)` holds the share that is sent.
struct PushSum: Sendable, Codable {
    private(set) var weight: Double
    /// Weights of messages that are neither delivered nor returned.
    private var inFlight: [MessageID: Double] = [:]

    /// - Parameter weight: 0 for a peer that joins later, whose numerator then counts for nothing.
    init(weight: Double = 1) { self.weight = weight }

    /// The estimate `x / w`: where gradients are taken, and what is evaluated. Of one who has no weight yet, the model
    /// that it was made with.
    var point: Term { Term(weight > 0 ? 1 / weight : 1, .model) }

    /// The law of all peers' weights, of which `waiting` has come and is not added yet.
    func invariant(peers: Int, waiting: Double = 0) -> Invariant {
        Invariant(name: Invariant.mass, total: Double(peers), held: weight + waiting, tolerance: 1e-12 * Double(peers))
    }

    /// Sends each receiver its share of the numerator and the weight, and keeps what is left.
    mutating func push(_ shares: [MixingWeight], round: UInt64, tag: UInt32 = 0, _ effects: inout Effects) {
        guard !shares.isEmpty else { return }
        var (own, written) = (1.0, Double.nan)
        for receiver in shares {
            let share = Self.rounded(receiver.weight)
            if share != written { effects.combine(into: .named(0), Term(share, .model)) }
            written = share
            own -= share
            let metadata = Metadata(round: round, tag: tag, weight: share * weight)
            inFlight[effects.send(.named(0), metadata: metadata, to: receiver.peer)] = metadata.weight
        }
        effects.combine(into: .model, Term(own, .model))
        weight *= own
    }

    /// A multiple of 2^-24: float32 then has every sum of shares up to 1, and what is left of 1.
    private static func rounded(_ share: Double) -> Double { (share * 0x1p24).rounded() * 0x1p-24 }

    /// Adds what came, in this order.
    mutating func add(_ shares: [(payload: PayloadID, weight: Double)], _ effects: inout Effects) {
        guard !shares.isEmpty else { return }
        // The numerator of one who has no weight is the model that it was made with, and no part of the sum.
        effects.combine(
            into: .model, (weight == 0 ? [] : [Term(1, .model)]) + shares.map { Term(1, .received($0.payload)) })
        for share in shares { weight += share.weight }
    }

    mutating func delivered(_ id: MessageID) { inFlight[id] = nil }

    /// Takes back what its receiver will never have.
    mutating func returned(_ id: MessageID, _ payload: PayloadID, _ effects: inout Effects) {
        if let weight = inFlight.removeValue(forKey: id) { add([(payload, weight)], &effects) }
    }
}

extension Graph {
    /// Why push-sum cannot go on among those that are there; nil where it can. A peer that gives and never receives
    /// would be left with no weight.
    func disconnection(among present: [PeerID], by algorithm: String) -> String? {
        guard present.count < peers, !isConnected(among: present) else { return nil }
        return "\(algorithm) cannot go on: without the peers that are gone, topology '\(name)' no longer leads from "
            + "every peer to every other"
    }
}
