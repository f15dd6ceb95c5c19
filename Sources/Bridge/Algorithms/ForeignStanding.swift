import CMurmur
import Gossip
import Graphs

/// How an algorithm from outside stands after its last event.
struct ForeignStanding: Sendable, Codable {
    private var evaluatedWeight = 1.0
    private var evaluatedVector = Vector.model
    private(set) var stepsMissed: UInt64 = 0
    private(set) var awaitsNextStep = false
    private var laws: [Law] = []

    /// An invariant as it is saved. Nothing of it is settled when the algorithm is made.
    private struct Law: Codable {
        var name: String
        var total: Double
        var held: Double
        var tolerance: Double
    }

    /// As one stands at first.
    init() {}

    var evaluated: Term { Term(evaluatedWeight, evaluatedVector) }

    var invariants: [Invariant] {
        laws.map { Invariant(name: $0.name, total: $0.total, held: $0.held, tolerance: $0.tolerance) }
    }

    /// Lends it as a flat structure, to be changed, without its invariants: those are told again or are what they were.
    var flat: murmur_standing {
        var flat = murmur_standing()
        flat.size = UInt32(MemoryLayout<murmur_standing>.size)
        flat.awaits_next_step = awaitsNextStep ? 1 : 0
        flat.steps_missed = stepsMissed
        flat.evaluated.weight = evaluatedWeight
        flat.evaluated.vector = evaluatedVector.flat
        return flat
    }

    /// Takes over what was told. False for a vector that cannot be evaluated, which stays what it was.
    mutating func take(_ flat: murmur_standing) -> Bool {
        awaitsNextStep = flat.awaits_next_step != 0
        stepsMissed = flat.steps_missed
        if let told = flat.invariants {
            laws = UnsafeBufferPointer(lent: told, count: flat.invariant_count).map { law in
                Law(
                    name: law.name.map { String(cString: $0) } ?? Invariant.mass, total: law.total, held: law.held,
                    tolerance: law.tolerance > 0 ? law.tolerance : 1e-12)
            }
        }
        guard let vector = Vector(flat.evaluated.vector), vector.isOwn, vector != .gradient else { return false }
        (evaluatedWeight, evaluatedVector) = (flat.evaluated.weight, vector)
        return true
    }
}
