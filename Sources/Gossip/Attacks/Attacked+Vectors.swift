import Graphs
import Randomness

/// The vectors that a byzantine peer sends. Its own have the highest numbers, which no algorithm uses.
extension Attacked {
    /// What is crafted.
    static let lie = Vector.named(29)
    /// Noise, or standard deviations.
    static let aside = Vector.named(28)
    /// The model at the start.
    static let start = Vector.named(27)
    /// The first values of whole vectors of so many kinds, and those of parts, each at its place.
    private static let firsts: [Vector] = [.named(26), .named(25), .named(24)]
    private static let firstParts = Vector.named(23)

    /// What an honest peer would send.
    struct Message: Equatable {
        let vector: Vector
        let part: Part?
        let round: UInt64
        let tag: UInt32

        var metadata: Metadata { Metadata(round: round, tag: tag) }
    }

    /// A kind of message whose first vector is kept.
    struct FirstVector: Hashable, Sendable, Codable {
        let tag: UInt32
        let part: Part?
    }

    private func place(of message: Message) -> Vector? {
        let first = FirstVector(tag: message.tag, part: message.part)
        if message.part != nil { return firsts.contains(first) ? Self.firstParts : nil }
        return firsts.filter { $0.part == nil }.firstIndex(of: first).map { Self.firsts[$0] }
    }

    /// Keeps the first vector of each kind of message.
    mutating func keepFirst(of message: Message, _ effects: inout Effects) {
        if case .received = message.vector { return }
        let hasRoom = message.part != nil || firsts.count { $0.part == nil } < Self.firsts.count
        guard place(of: message) == nil, hasRoom else { return }
        firsts.append(FirstVector(tag: message.tag, part: message.part))
        guard let place = place(of: message) else { return }
        effects.combine(into: place, part: message.part, Term(1, message.vector, part: message.part))
    }

    /// What goes to a receiver in the place of an honest vector.
    mutating func craft(
        _ attack: Attack, _ message: Message, to receiver: PeerID, _ effects: inout Effects
    ) -> Vector {
        let (vector, part) = (message.vector, message.part)
        if case .received = vector { return vector }
        func combined(_ terms: [Term]) -> Vector {
            effects.combine(into: Self.lie, part: part, terms)
            return Self.lie
        }
        switch attack {
        case .notANumber: return combined([Term(.nan, vector, part: part)])
        case .scale(let factor): return combined([Term(factor, vector, part: part)])
        case .signFlip: return combined([Term(-1, vector, part: part)])
        case .replay: return place(of: message) ?? vector
        case .freeRider:
            // Beside the model some algorithms send another vector under another tag, of which the first one is kept.
            return isLockStep && message.tag > 0 && part == nil ? place(of: message) ?? vector : Self.start
        case .noise(let deviation):
            effects.append(.noise(into: Self.aside, deviation: deviation, noise(for: message)))
            return combined([Term(1, vector, part: part), Term(1, Self.aside, part: part)])
        case .ipm, .alie, .dissensus:
            guard part == nil else { return vector }
            return craftFromOthers(attack, message, to: receiver, &effects)
        case .labelFlip, .slander: return vector
        }
    }

    private mutating func craftFromOthers(
        _ attack: Attack, _ message: Message, to receiver: PeerID, _ effects: inout Effects
    ) -> Vector {
        let others = heard.latest(for: message.metadata)
        guard !others.isEmpty else { return message.vector }
        let share = 1 / Double(others.count)
        switch attack {
        case .ipm(let epsilon):
            effects.combine(into: Self.lie, others.map { Term(-epsilon * share, $0.vector) })
        case .alie(let z):
            effects.combine(into: Self.lie, others.map { Term(share, $0.vector) })
            guard others.count > 1 else { break }
            let z = z ?? Attack.hiddenDeviations(peers: learners, byzantine: byzantinePeers.count)
            effects.append(.deviation(into: Self.aside, of: others.map(\.vector)))
            effects.combine(into: Self.lie, Term(1, Self.lie), Term(-z, Self.aside))
        case .dissensus(let epsilon):
            guard let terms = drivingApart(message, receiver, others, epsilon) else { return message.vector }
            effects.combine(into: Self.lie, terms)
        default: return message.vector
        }
        return Self.lie
    }

    /// `x_i - epsilon * sum over honest j of W_ij (x_j - x_i) / sum over byzantine peers of W_ij`; where nothing was
    /// heard of the receiver i the peer's own vector stands for its. Nil for one that does not weigh byzantine peers.
    private func drivingApart(
        _ message: Message, _ receiver: PeerID, _ others: [(peer: PeerID, vector: Vector)], _ epsilon: Double
    ) -> [Term]? {
        guard let mixing, receiver.rawValue < learners, !byzantinePeers.contains(receiver) else { return nil }
        let row = mixing.row(of: receiver, round: message.round)
        let byzantineWeight = row.filter { byzantinePeers.contains($0.peer) }.reduce(0) { $0 + $1.weight }
        guard byzantineWeight > 0 else { return nil }
        let known = others.first { $0.peer == receiver }?.vector ?? message.vector
        let away = row.compactMap { entry -> Term? in
            guard entry.peer != receiver, let other = others.first(where: { $0.peer == entry.peer }) else { return nil }
            return Term(-epsilon * entry.weight / byzantineWeight, other.vector, minus: known)
        }
        return [Term(1, known)] + away
    }

    private mutating func noise(for message: Message) -> RandomStream {
        craftedCount += 1
        let number = isLockStep ? message.round &* 8 &+ UInt64(message.tag) : craftedCount
        return RandomStream(seed: seed, purpose: .attack, peer: me.rawValue, round: number)
    }
}
