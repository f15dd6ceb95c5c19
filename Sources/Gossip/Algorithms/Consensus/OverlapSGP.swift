public import Configuration
import Graphs

/// Stochastic gradient push whose exchanges go on beside the gradients: one is under way at a time, and a peer stands
/// still only when it has lasted for too many steps.
///
/// Citation: M. Assran, N. Loizou, N. Ballas, M. Rabbat, Stochastic gradient push for distributed deep learning, ICML
/// 2019, arXiv:1811.10792 (Overlap SGP), in the form of the authors' code.
///
/// Update rule, with numerator x, weight w and `z = x / w` as in `SGP`, and exchanges that all peers number alike:
///
///     x <- optimizer(x, g(z))                                                   in every step
///     if the exchange under way has all its shares:  x, w <- x, w + the shares, and none is under way
///     if none is under way:   send (p_ji x, p_ji w) to each receiver j of the next exchange, keep (p_ii x, p_ii w)
///     if one is under way since tau steps:   wait for its shares before going on
///
/// With tau = 0 that is SGP. A peer never gives twice without having got what the first exchange brings it. So on a
/// regular graph w is 1 between two exchanges and its own share `p_ii` within one, however late messages are, and a
/// step of eta on the numerator is never more than one of `eta / p_ii` on z.
///
/// Assumptions: as for `SGP`, and steps that are small against a peer's own share of its numerator.
///
/// Departures: as for `SGP`. In the code an exchange is between processes that all go on until the last has finished;
/// here a peer that has made its steps takes part in the exchanges that others begin, and those that wait for it, with
/// more than one step an exchange, ask it to.
public struct OverlapSGP: Algorithm {
    static let staleness = Option.integer(
        "staleness", default: 1, in: 0...1_000_000, "steps that an exchange may last before its peer waits (tau)")

    public static let description = Description(
        name: "osgp", summary: "overlap SGP: gradient push whose exchanges last for some steps (Assran et al. 2019)",
        options: [staleness.description],
        refusals: AggregationRefusal.mass)
    public static let traits = Traits(faultTolerance: .crash, needs: [.connected], graphUse: .weights)

    private let me: PeerID
    private let mixing: MixingMatrix
    private let staleness: UInt64
    private var stepCounter: StepCounter
    private var sum = PushSum()
    private var absentPeers = AbsentPeers()
    /// Exchanges that this peer has given its shares to, and the step after which it gave the last.
    private var given: UInt64 = 0
    private var lastGiven: UInt64 = 0
    /// Whether the last of them still lacks shares, or holds some that are not added.
    private var isUnderWay = false
    private var isComputing = false
    /// Exchanges of which each sender's shares have come: those before this one.
    private var heard: [PeerID: UInt64] = [:]
    /// Exchanges that others are known to take part in.
    private var wanted: UInt64 = 0
    /// Exchanges for which this peer has asked those whose shares it lacks.
    private var asked: UInt64 = 0
    /// Shares that are not added yet, in the order of their coming.
    private var waiting: [Share] = []

    private struct Share: Codable {
        let exchange: UInt64
        let payload: PayloadID
        let weight: Double
    }

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        try setup.mixing.requireShares(by: Self.description.name)
        me = setup.me
        mixing = setup.mixing
        staleness = UInt64(try options.value(Self.staleness))
        stepCounter = StepCounter(steps: setup.steps)
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start:
            compute(&effects)
        case .gradientReady:
            isComputing = false
            effects.update()
            stepCounter.advance()
            goOn(&effects)
            if stepCounter.isDone { effects.finish() }
        case .received(.some(let payload), let metadata, let sender):
            effects.keep(payload)
            waiting.append(Share(exchange: metadata.round, payload: payload, weight: metadata.weight))
            heard[sender] = metadata.round + 1
            wanted = max(wanted, metadata.round + 1)
            goOn(&effects)
        case .received(.none, let metadata, _):
            wanted = max(wanted, metadata.round + 1)
            goOn(&effects)
        case .delivered(let id):
            sum.delivered(id)
        case .returned(let id, .some(let payload)):
            sum.returned(id, payload, &effects)
        case .peerLeft(let peer):
            absentPeers.left(peer)
            if !stepCounter.isDone,
                let reason = mixing.graph.disconnection(
                    among: absentPeers.present((0..<mixing.peers).map { PeerID($0) }), by: Self.description.name)
            {
                effects.abandon(reason)
            } else {
                goOn(&effects)
            }
        case .stop(let step):
            stepCounter.stop(after: step)
        default: break
        }
    }

    public var evaluated: Term { sum.point }

    public var invariants: [Invariant] {
        [sum.invariant(peers: mixing.peers, waiting: waiting.reduce(0) { $0 + $1.weight })]
    }

    /// Between two steps: ends the exchange under way if it is complete, begins the next, and asks for a gradient
    /// unless the exchange has lasted too long. A peer that has made its steps exchanges for as long as others do.
    private mutating func goOn(_ effects: inout Effects) {
        guard !isComputing else { return }
        while true {
            if isUnderWay, missing.isEmpty { isUnderWay = false }
            if stepCounter.isDone || !isUnderWay { addShares(&effects) }
            guard !isUnderWay, given == 0 || lastGiven < stepCounter.step || (stepCounter.isDone && given < wanted)
            else { break }
            give(&effects)
        }
        if isUnderWay, stepCounter.isDone ? given < wanted : isLate { ask(&effects) }
        if !stepCounter.isDone, !isLate { compute(&effects) }
    }

    /// Whether the exchange under way has lasted for too many steps.
    private var isLate: Bool { isUnderWay && stepCounter.step >= lastGiven + staleness }

    private mutating func compute(_ effects: inout Effects) {
        isComputing = true
        effects.gradient(at: sum.point)
    }

    private mutating func give(_ effects: inout Effects) {
        sum.push(
            mixing.shares(of: me, round: given).filter { !absentPeers.contains($0.peer) }, round: given, &effects)
        given += 1
        lastGiven = stepCounter.step
        isUnderWay = true
    }

    /// Adds the shares of the exchanges that this peer has given to. Others would bring it more weight than its share,
    /// for which it gives nothing.
    private mutating func addShares(_ effects: inout Effects) {
        let due = waiting.filter { $0.exchange < given }
        waiting.removeAll { $0.exchange < given }
        sum.add(due.map { ($0.payload, $0.weight) }, &effects)
        for share in due { effects.release(share.payload) }
    }

    /// Those whose shares of the exchange under way are still to come.
    private var missing: [PeerID] {
        mixing.graph.senders(to: me, round: given - 1).filter {
            !absentPeers.contains($0) && heard[$0, default: 0] < given
        }
    }

    /// Reminds those who may have made their steps, and begin nothing by themselves, that they are waited for. Where
    /// every step has its exchange they have given to all of them.
    private mutating func ask(_ effects: inout Effects) {
        guard staleness > 1, asked < given else { return }
        asked = given
        for peer in missing { effects.send(nil, metadata: Metadata(round: given - 1), to: peer) }
    }
}
