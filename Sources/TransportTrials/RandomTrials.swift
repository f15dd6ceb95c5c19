import Gossip
import Randomness

extension Trial {
    /// Random programs over vectors of `count` numbers.
    public static func random(peers: Int, count: Int, programs: Int, seed: UInt64) -> Trial {
        var heard = [Part?](repeating: nil, count: peers)
        let list = (0..<programs).map { program -> [Message] in
            var random = RandomStream(seed: seed, purpose: .test, round: UInt64(program))
            var messages: [Message] = []
            for _ in 0..<(1 + random.integer(below: 6 * peers)) {
                messages += burst(peers: peers, &heard, &random)
            }
            return messages
        }
        return Trial(peers: peers, count: count, programs: list)
    }

    /// One message, or several on the same way at once.
    private static func burst(peers: Int, _ heard: inout [Part?], _ random: inout RandomStream) -> [Message] {
        let from = random.integer(below: peers)
        let to = (from + 1 + random.integer(below: peers - 1)) % peers
        return (0..<(random.bernoulli(0.1) ? 8 : 1)).map { _ in
            let load: Load
            switch (random.integer(below: 4), heard[from]) {
            case (0, _): load = .metadata
            case (1, let part?): load = .relay(part)
            default:
                // Whole vectors, short pieces, and pieces of nothing, where there are more of them than numbers.
                let pieces = [1, 2, 3, 7, 64, 100_000][random.integer(below: 6)]
                load = .part(Part(random.integer(below: pieces), of: pieces))
            }
            if let part = load.part { heard[to] = part }
            return Message(from: from, to: to, load: load, metadata: metadata(&random))
        }
    }

    /// Any round, any tag, and weights that a careless way would change.
    private static func metadata(_ random: inout RandomStream) -> Metadata {
        let odd = [0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, 0.1, 1 - 0x1p-53]
        let weight = random.bernoulli(0.5) ? odd[random.integer(below: odd.count)] : random.uniform()
        return Metadata(
            round: random.next(), tag: UInt32(truncatingIfNeeded: random.next()) & 0x7fff_ffff, weight: weight)
    }

    /// Each size of payload once there and once back between the first peer and the last, from metadata alone and none
    /// of the numbers up to the whole vector, and all of them at once at the end.
    public static func sizes(peers: Int, count: Int) -> Trial {
        var pieces = [count * 2]
        while let last = pieces.last, last > 1 { pieces.append(max(1, last / 7)) }
        let loads = [Load.metadata] + pieces.map { Load.part(Part($0 - 1, of: $0)) }
        var messages: [Message] = []
        func say(_ load: Load, _ from: Int, _ to: Int) {
            messages.append(Message(from: from, to: to, load: load, metadata: Metadata(round: UInt64(messages.count))))
        }
        for load in loads {
            say(load, 0, peers - 1)
            say(load, peers - 1, 0)
        }
        for load in loads.dropLast() { say(load, 0, peers - 1) }
        return Trial(peers: peers, count: count, programs: [messages])
    }
}
