import Configuration
import Graphs

/// What algorithms have in common whose peers make rounds together: in each of them a peer takes its gradient steps,
/// sends vectors to its neighbours, waits for theirs, and mixes. An algorithm says what a gradient does, what is sent
/// and what becomes of it; everything else is said here.
///
/// A neighbour that dies is sent nothing and waited for no more, and its weight goes to the peer's own value, where the
/// algorithm promises to live through crashes; else the peer gives up. Who comes back from the dead goes on alone.
protocol SynchronousRounds: Algorithm {
    var rounds: RoundState { get set }

    /// What goes to the neighbours: as many vectors as there are exchanges.
    var sent: [Vector] { get }
    /// Whether a peer sends before the last gradient of a round and not after it, so that sending hides behind it.
    var sendsFirst: Bool { get }
    /// Where gradients are taken.
    var point: Vector { get }
    /// Whose vectors are mixed in this round with which weights, the peer itself among them.
    var row: [MixingWeight] { get }
    /// To whom the vectors go in this round.
    var receivers: [PeerID] { get }
    /// What is lost with a peer that dies, for the sentence with which the others give up.
    static var loss: String { get }

    /// Makes ready for a gradient.
    mutating func prepare(_ effects: inout Effects)
    /// Does what a gradient does before anything is mixed.
    mutating func adapt(_ effects: inout Effects)
    /// Mixes, now that everything has come.
    mutating func combine(_ effects: inout Effects)

    /// Releases what it kept itself.
    mutating func end(_ effects: inout Effects)

    /// Sends this round's vectors.
    mutating func send(_ effects: inout Effects)
    /// Whether everything has come that this round waits for.
    var isComplete: Bool { get }
}

extension SynchronousRounds {
    var sent: [Vector] { [.model] }
    var sendsFirst: Bool { false }
    var point: Vector { .model }
    var row: [MixingWeight] { rounds.mixing.row(of: rounds.me, round: rounds.number) }
    var receivers: [PeerID] { rounds.mixing.receivers(of: rounds.me, round: rounds.number) }
    static var loss: String { "what it knew with it" }
    public var trustInNeighbours: [TrustStanding] { rounds.trustInNeighbours }

    mutating func prepare(_ effects: inout Effects) {}
    mutating func adapt(_ effects: inout Effects) {}
    mutating func end(_ effects: inout Effects) {}

    mutating func send(_ effects: inout Effects) {
        let receivers = rounds.tell(receivers, &effects)
        for (index, vector) in sent.enumerated() {
            rounds.exchanges[index].send(vector, to: receivers, round: rounds.number, &effects)
        }
    }

    var isComplete: Bool {
        let row = rounds.awake(row)
        return rounds.exchanges.allSatisfy { $0.isComplete(row, me: rounds.me, round: rounds.number) }
    }

    /// `target <- sum of the terms + sum over the row of weight x (value - own)` of the vector number `index` of those
    /// sent; without terms the row's weighted sum (`NeighbourExchange.mix`).
    mutating func mix(_ index: Int = 0, into target: Vector, onto terms: Term..., effects: inout Effects) {
        let (row, own) = (rounds.trust?.row ?? row, sent[index])
        rounds.mix(index, into: target, terms.isEmpty ? [Term(1, own)] : terms, own: own, row, &effects)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            beginStep(now, &effects)
        case .gradientReady(_, let rate, _):
            rounds.trust?.finishedStep(now)
            rounds.rate = Double(rate)
            adapt(&effects)
            if rounds.isInLastStepOfRound {
                if !sendsFirst { send(&effects) }
                rounds.isWaiting = true
                finishRound(now, &effects)
            } else {
                finishStep(now, &effects)
            }
        case .received(.some(let payload), let metadata, let sender):
            guard rounds.exchanges.indices.contains(Int(metadata.tag)) else { break }
            rounds.trust?.came(sender, round: metadata.round, now)
            rounds.exchanges[Int(metadata.tag)].keep(payload, from: sender, metadata, &effects)
            finishRound(now, &effects)
        case .received(.none, let metadata, let sender):
            rounds.trust?.hear(metadata, from: sender)
        case .measured, .scored:
            if rounds.hasJudged(event, &effects) { mixRound(now, &effects) }
        case .peerLeft(let peer):
            if Self.traits.faultTolerance.contains(.crash) {
                for index in rounds.exchanges.indices { rounds.exchanges[index].left(peer) }
                finishRound(now, &effects)
            } else if !rounds.stepCounter.isDone {
                effects.giveUp(Self.description.name, without: peer, Self.loss)
            }
        case .stop(let step):
            rounds.stepCounter.stop(after: step)
        case .end:
            end(&effects)
        default: break
        }
    }

    private mutating func beginStep(_ now: Time, _ effects: inout Effects) {
        rounds.trust?.beganStep(now)
        prepare(&effects)
        if sendsFirst, rounds.isInLastStepOfRound { send(&effects) }
        effects.gradient(at: Term(1, point))
    }

    private mutating func finishRound(_ now: Time, _ effects: inout Effects) {
        guard rounds.isWaiting, isComplete else { return }
        rounds.isWaiting = false
        if rounds.trust == nil { mixRound(now, &effects) } else { rounds.judge(from: sent[0], &effects) }
    }

    private mutating func mixRound(_ now: Time, _ effects: inout Effects) {
        combine(&effects)
        rounds.believe(row)
        finishStep(now, &effects)
    }

    private mutating func finishStep(_ now: Time, _ effects: inout Effects) {
        rounds.stepCounter.advance()
        if rounds.stepCounter.isDone { effects.finish() } else { beginStep(now, &effects) }
    }
}

extension Effects {
    /// Abandons an algorithm to which a peer's crash is the end.
    mutating func giveUp(_ algorithm: String, without peer: PeerID, _ loss: String) {
        abandon("\(algorithm) cannot go on: peer \(peer) is gone, and \(loss)")
    }
}
