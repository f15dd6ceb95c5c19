import Graphs

@testable import Gossip

/// One peer of a `LayerWorld`: carries out effects on hashes and holds its algorithm to the duties about payloads.
struct LayerPeer {
    struct Message {
        let value: UInt64?
        let metadata: Metadata
        let to: Int
        let id: MessageID
    }

    /// A pass under way.
    private struct Flight {
        var value: UInt64
        var position = 0
    }

    private(set) var algorithm: NetTorrent
    /// The stops of every pass, each with whether anything goes out.
    private let stops: [(stop: PassStop, sends: Bool)]
    private var vectors: [Vector: UInt64] = [:]
    private var payloads: [PayloadID: UInt64] = [:]
    private var expiring: Set<PayloadID> = []
    private var effects = Effects()
    private var lastPayload: UInt64 = 0
    private var flights: [Pass: Flight] = [:]
    var isAlive = true
    /// What has been computed and not told.
    private(set) var computed: Pass?
    private(set) var abandonment: String?
    private(set) var isFinished = false
    /// The model after each update, and the updates of each step.
    private(set) var models: [UInt64] = []
    private(set) var steps = 0
    /// The most passes that were under way.
    private(set) var mostFlights = 0
    /// How many updates each gradient was behind.
    private(set) var staleness: [Int] = []
    private var begun: [Pass: Int] = [:]

    init(_ algorithm: NetTorrent, isFirst: Bool, isLast: Bool, hasNorms: Bool) {
        self.algorithm = algorithm
        stops =
            (isFirst ? [] : [(.previous, false)]) + (hasNorms ? [(.gather, true)] : [])
            + (isLast ? [] : [(.next, true)]) + (hasNorms ? [(.gather, true)] : [])
            + (isFirst ? [] : [(.previous, true)])
    }

    var heldPayloads: Int { payloads.count }

    mutating func arrive(_ value: UInt64) -> PayloadID {
        lastPayload += 1
        let id = PayloadID(rawValue: lastPayload)
        payloads[id] = value
        expiring.insert(id)
        return id
    }

    /// The event that tells what was computed.
    mutating func takeComputed() -> Event? {
        guard let pass = computed.take(), var flight = flights[pass] else { return nil }
        guard flight.position < stops.count else {
            flights[pass] = nil
            vectors[.gradient] = Self.hash(flight.value, 99)
            staleness.append(models.count - (begun[pass] ?? 0))
            return .passEnded(pass, loss: 1, samples: 1)
        }
        let (stop, sends) = stops[flight.position]
        flight.position += 1
        flights[pass] = flight
        return .passStopped(
            pass, at: stop, parts: sends ? [arrive(Self.hash(flight.value, UInt64(flight.position)))] : [])
    }

    mutating func handle(_ event: Event) -> [Message] {
        effects.removeAll()
        algorithm.handle(event, now: .zero, &effects)
        let messages = effects.list.compactMap { carryOut($0) }
        for id in expiring { payloads[id] = nil }
        expiring = []
        return messages
    }

    private mutating func carryOut(_ effect: Effect) -> Message? {
        switch effect {
        case .beginPass(let pass):
            flights[pass] = Flight(value: Self.hash(vectors[.model, default: 0], pass.microbatch, UInt64(pass.slot)))
            begun[pass] = models.count
            mostFlights = max(mostFlights, flights.count)
            compute(pass)
        case .resumePass(let pass, let parts):
            guard var flight = flights[pass] else { preconditionFailure("\(pass) goes on and is not under way") }
            for part in parts { flight.value = Self.hash(flight.value, value(part)) }
            flights[pass] = flight
            compute(pass)
        case .dropPass(let pass): flights[pass] = nil
        case .combine(let target, _, let terms):
            let values = terms.map { (weight: $0.weight.bitPattern, value: value($0.vector)) }
            vectors[target] =
                values.count == 1 && values[0].weight == 1.0.bitPattern
                ? values[0].value : values.reduce(7) { Self.hash($0, $1.weight, $1.value) }
        case .update:
            vectors[.model] = Self.hash(value(.model), value(.gradient))
            models.append(value(.model))
        case .endStep: steps += 1
        case .send(let vector, _, let metadata, let peer, let id):
            return Message(value: vector.map { value($0) }, metadata: metadata, to: peer.rawValue, id: id)
        case .keep(let payload): precondition(expiring.remove(payload) != nil, "\(payload) is kept twice, or is gone")
        case .release(let payload):
            precondition(payloads[payload] != nil && expiring.insert(payload).inserted, "\(payload) is released twice")
        case .finish: isFinished = true
        case .abandon(let reason): abandonment = reason
        default: preconditionFailure("nettorrent asks for \(effect.line)")
        }
        return nil
    }

    private mutating func compute(_ pass: Pass) {
        precondition(computed == nil && !isFinished, "two computations at a time, or one after the end")
        computed = pass
    }

    private func value(_ vector: Vector) -> UInt64 {
        guard case .received(let payload) = vector else { return vectors[vector, default: 0] }
        return value(payload)
    }

    private func value(_ payload: PayloadID) -> UInt64 {
        guard let value = payloads[payload] else { preconditionFailure("\(payload) is used and has gone") }
        return value
    }

    private static func hash(_ numbers: UInt64...) -> UInt64 {
        numbers.reduce(0xcbf2_9ce4_8422_2325) { state, number in
            var mixed = (state ^ number) &* 0x9e37_79b9_7f4a_7c15
            mixed ^= mixed >> 29
            return mixed &* 0xbf58_476d_1ce4_e5b9 ^ mixed >> 32
        }
    }
}
