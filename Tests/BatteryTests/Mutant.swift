import Configuration
import Foundation
import Gossip
import Graphs

/// A mistake planted around an algorithm: it sees each event first, and what the algorithm wants, and may change both.
struct Mutation: Sendable {
    typealias Step = @Sendable (_ memory: inout Memory, _ event: Event, _ now: Time, _ base: Base) -> [Effect]
    typealias Base = (Event) -> [Effect]

    /// What a mistake remembers.
    struct Memory: Sendable {
        let me: PeerID
        var count = 0
        var held: [Effect] = []
    }

    let name: String
    let algorithm: String
    let step: Step
    /// What the algorithm is made to claim as its evaluated vector.
    var evaluated: (@Sendable (Term) -> Term)?
    /// A number of the algorithm's own, by its name where the algorithm is saved, and what it is by mistake.
    var number: (name: String, value: String)?

    /// The algorithm with the mistake around it.
    func around(_ algorithm: any Algorithm, _ peer: PeerID) -> any Algorithm {
        func open<Base: Algorithm>(_ base: Base) -> any Algorithm {
            Mutant(base: withNumber(base), mutation: self, memory: Memory(me: peer))
        }
        return open(algorithm)
    }

    /// The algorithm as it is read back from a file in which the number is changed.
    private func withNumber<Base: Algorithm>(_ base: Base) -> Base {
        guard let number, let data = try? JSONEncoder().encode(base) else { return base }
        let name = "\"\(number.name)\":"
        var parts = String(decoding: data, as: UTF8.self).components(separatedBy: name)
        for index in parts.indices.dropFirst() {
            parts[index] = number.value + parts[index].drop { !",}]".contains($0) }
        }
        let changed = try? JSONDecoder().decode(Base.self, from: Data(parts.joined(separator: name).utf8))
        precondition(parts.count > 1 && changed != nil, "\(Base.description.name) has no \(number.name) to change")
        return changed ?? base
    }

    /// Changes single effects; an empty list leaves one out.
    static func effects(
        _ name: String, of algorithm: String,
        _ change: @escaping @Sendable (_ memory: inout Memory, _ effect: Effect) -> [Effect]
    ) -> Mutation {
        Mutation(name: name, algorithm: algorithm) { memory, event, _, base in
            var changed: [Effect] = []
            for effect in base(event) { changed += change(&memory, effect) }
            return changed
        }
    }

    /// Changes the event before the algorithm hears of it; nil keeps it from the algorithm.
    static func events(
        _ name: String, of algorithm: String,
        _ change: @escaping @Sendable (_ memory: inout Memory, _ event: Event) -> Event?
    ) -> Mutation {
        Mutation(name: name, algorithm: algorithm) { memory, event, _, base in
            change(&memory, event).map(base) ?? []
        }
    }
}

/// An algorithm with a mistake. It is saved as the algorithm alone: who comes back from the dead is healed.
private struct Mutant<Base: Algorithm>: Algorithm {
    static var description: Description { Base.description }

    var base: Base
    let mutation: Mutation
    var memory: Mutation.Memory
    /// The number of the last message that the algorithm sent, be it that the mistake swallowed it.
    private var sent: UInt64 = 0

    init(base: Base, mutation: Mutation, memory: Mutation.Memory) {
        self.base = base
        self.mutation = mutation
        self.memory = memory
    }

    init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        preconditionFailure("a mutant is made around an algorithm")
    }

    init(from decoder: any Decoder) throws { preconditionFailure("a mutant is saved as its algorithm") }

    func encode(to encoder: any Encoder) throws { try base.encode(to: encoder) }

    mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        var (base, memory, sent) = (base, memory, sent)
        let changed = mutation.step(&memory, event, now) { event in
            var wanted = Effects(after: sent)
            base.handle(event, now: now, &wanted)
            sent = wanted.lastMessage
            return wanted.list
        }
        (self.base, self.memory, self.sent) = (base, memory, sent)
        for effect in changed { effects.append(effect) }
    }

    var evaluated: Term { mutation.evaluated?(base.evaluated) ?? base.evaluated }
    var invariants: [Invariant] { base.invariants }
    var trustInNeighbours: [TrustStanding] { base.trustInNeighbours }
}
