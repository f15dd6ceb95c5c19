import CMurmur
import Gossip
import Graphs

/// Where an algorithm from outside says what should happen: takes effects in, and refuses those that no node could
/// carry out, each with a sentence.
///
/// `@unchecked Sendable` holds because of an algorithm one event is handled at a time.
final class EffectsDesk: @unchecked Sendable {
    let setup: ForeignSetup
    let traits: Traits
    var effects = Effects()
    var ledger = ForeignLedger()
    /// The payload that came with the event under way.
    var arrived: PayloadID?
    /// Those that were released in this event: they can be named until its end.
    var released: Set<PayloadID> = []
    /// The first sentence by which an effect of this event was refused.
    private(set) var refusal: String?

    init(_ setup: ForeignSetup, _ traits: Traits) {
        self.setup = setup
        self.traits = traits
    }

    /// The desk under whose address effects are added.
    static func of(_ address: OpaquePointer) -> EffectsDesk {
        Unmanaged<EffectsDesk>.fromOpaque(UnsafeRawPointer(address)).takeUnretainedValue()
    }

    /// The address under which effects are added; valid as long as the desk is there.
    var address: OpaquePointer { OpaquePointer(Unmanaged.passUnretained(self).toOpaque()) }

    /// Gets ready for an event.
    func begin(_ event: Event, _ ledger: ForeignLedger) {
        self.ledger = ledger
        arrived = nil
        released = []
        refusal = nil
        switch event {
        case .received(let payload, _, _), .returned(_, let payload): arrived = payload
        case .gradientReady: self.ledger.isComputing = false
        case .averaged: self.ledger.isAveraging = false
        default: break
        }
    }

    /// Takes an effect in; gives the number of a message, or 0.
    func add(_ flat: murmur_effect) throws(EffectRefusal) -> UInt64 {
        do {
            return try take(flat)
        } catch {
            refusal = refusal ?? error.sentence
            throw error
        }
    }

    private func take(_ flat: murmur_effect) throws(EffectRefusal) -> UInt64 {
        switch Int(flat.kind) {
        case Int(MURMUR_EFFECT_GRADIENT.rawValue): try gradient(flat)
        case Int(MURMUR_EFFECT_UPDATE.rawValue):
            try refuseComputing()
            try refuseServer()
            effects.update()
        case Int(MURMUR_EFFECT_DIRECTION.rawValue): try direction(flat)
        case Int(MURMUR_EFFECT_COMBINE.rawValue): try combine(flat)
        case Int(MURMUR_EFFECT_NOISE.rawValue): try noise(flat)
        case Int(MURMUR_EFFECT_DEVIATION.rawValue):
            let target = try own(flat.vector)
            effects.append(.deviation(into: target, of: try vectors(flat, besides: target)))
        case Int(MURMUR_EFFECT_AGGREGATE.rawValue): try aggregate(flat)
        case Int(MURMUR_EFFECT_AVERAGE.rawValue):
            guard !ledger.isAveraging else { throw EffectRefusal("an average is being taken already; wait for it") }
            try refuseServer()
            effects.average(try own(flat.vector))
            ledger.isAveraging = true
        case Int(MURMUR_EFFECT_SCORE.rawValue):
            guard traits.needsScores else { throw EffectRefusal("set needs_scores of an algorithm that asks for them") }
            effects.score(try readable(flat.vector))
        case Int(MURMUR_EFFECT_MEASURE.rawValue):
            let origin = try own(flat.vector)
            effects.measure(try vectors(flat, besides: nil), from: origin)
        case Int(MURMUR_EFFECT_SEND.rawValue): return try send(flat)
        case Int(MURMUR_EFFECT_RESET_OPTIMIZER.rawValue): effects.resetOptimizer()
        case Int(MURMUR_EFFECT_KEEP.rawValue): try keep(PayloadID(rawValue: flat.payload))
        case Int(MURMUR_EFFECT_RELEASE.rawValue): try release(PayloadID(rawValue: flat.payload))
        case Int(MURMUR_EFFECT_TIMER.rawValue):
            effects.timer(TimerID(rawValue: flat.timer), at: Time(nanoseconds: min(flat.at_nanoseconds, 1 << 62)))
        case Int(MURMUR_EFFECT_FINISH.rawValue):
            ledger.hasFinished = true
            effects.finish()
        case Int(MURMUR_EFFECT_ABANDON.rawValue):
            effects.abandon(flat.reason.map { String(cString: $0) } ?? "the algorithm cannot go on")
        default: throw EffectRefusal("\(flat.kind) is no effect; see enum murmur_effect_kind")
        }
        return 0
    }

    private func keep(_ payload: PayloadID) throws(EffectRefusal) {
        guard arrived == payload, !ledger.kept.contains(payload), !released.contains(payload) else {
            throw EffectRefusal("payload \(payload.rawValue) did not come with this event, or is kept already")
        }
        ledger.kept.insert(payload)
        effects.keep(payload)
    }

    private func release(_ payload: PayloadID) throws(EffectRefusal) {
        guard ledger.kept.remove(payload) != nil else {
            throw EffectRefusal("payload \(payload.rawValue) is released and is not kept")
        }
        released.insert(payload)
        effects.release(payload)
    }
}
