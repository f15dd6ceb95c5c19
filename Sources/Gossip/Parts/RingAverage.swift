public import Graphs

/// The exact average of a vector over all peers, on a logical ring: reduce-scatter, then all-gather, in `n` parts.
///
/// Citation: P. Patarasuk, X. Yuan, Bandwidth optimal all-reduce algorithms for clusters of workstations, Journal of
/// Parallel and Distributed Computing 69, 2009.
///
/// Rule, for peer r of n, parts counted modulo n. In step s of the first half it sends part `r - s` to peer `r + 1` and
/// takes part `r - s - 1` from peer `r - 1`, the mean of s + 1 peers, into its own, to be the mean of s + 2. In step s
/// of the second half it sends part `r + 1 - s` and overwrites part `r - s`. Every peer sends `2 (n - 1) / n` of the
/// vector and holds the same bits at the end; where all vectors were equal, those that they had.
///
/// A pure value: the node runs it for the `average` effect, so the simulator breaks it as it breaks algorithms. Its
/// messages travel as parts (`Frame.Content`), and no algorithm hears of them. It
/// leaves the vector as it is until the first part comes, and nobody may name the vector until it is done. Messages of
/// the next average may come early, from a neighbour that is ahead; they wait.
public struct RingAverage: Sendable, Codable {
    private let me: Int
    private let peers: Int
    /// What is being averaged; nil between two averages.
    public private(set) var vector: Vector?
    /// Steps of both halves done in this average.
    private var step = 0
    /// What has come before its turn, in order: all of it is from the one peer before us.
    private var early: [PayloadID] = []

    /// The part of one peer among `peers` learners, whose numbers are their places on the ring.
    public init(me: PeerID, peers: Int) {
        self.me = me.rawValue
        self.peers = peers
    }

    /// Begins to average `vector`; true when that is all, because nobody else is there.
    public mutating func begin(_ vector: Vector, _ effects: inout Effects) -> Bool {
        precondition(
            self.vector == nil, "peer \(me) averages \(vector) before \(String(describing: self.vector)) is done")
        guard peers > 1 else { return true }
        self.vector = vector
        step = 0
        send(part: me, &effects)
        return takeEarly(&effects)
    }

    /// Takes a part that came; true when the average is done.
    public mutating func receive(_ payload: PayloadID, _ effects: inout Effects) -> Bool {
        effects.keep(payload)
        early.append(payload)
        return takeEarly(&effects)
    }

    private mutating func takeEarly(_ effects: inout Effects) -> Bool {
        while let vector, !early.isEmpty {
            take(early.removeFirst(), into: vector, &effects)
            guard step == 2 * (peers - 1) else { continue }
            self.vector = nil
            return true
        }
        return false
    }

    private mutating func take(_ payload: PayloadID, into vector: Vector, _ effects: inout Effects) {
        let half = peers - 1
        let isReducing = step < half
        let index = isReducing ? me - step - 1 : me - (step - half)
        let part = self.part(index)
        if isReducing {
            let weight = Double(step + 1) / Double(step + 2)
            effects.combine(
                into: vector, part: part, Term(1, vector, part: part),
                Term(weight, .received(payload), minus: vector))
        } else {
            effects.combine(into: vector, part: part, Term(1, .received(payload)))
        }
        effects.release(payload)
        step += 1
        // What has just been completed is what the next peer waits for.
        if step < 2 * half { send(part: index, &effects) }
    }

    private mutating func send(part index: Int, _ effects: inout Effects) {
        guard let vector else { return }
        effects.send(vector, part: part(index), metadata: Metadata(), to: PeerID((me + 1) % peers))
    }

    private func part(_ index: Int) -> Part {
        Part(((index % peers) + peers) % peers, of: peers)
    }
}
