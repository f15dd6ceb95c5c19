/// Rounds of exchanges between few peers at a time, after which all hold the average: what `BaseK` is made of.
package struct AveragingSchedule {
    /// An edge by which two peers weigh each other's values.
    package struct Edge {
        package let one: Int
        package let other: Int
        package let weight: Double
    }

    package private(set) var rounds: [[Edge]] = []

    /// The shorter of two schedules for 0..<peers with at most `degree` neighbours in a round: all at once, or first
    /// within groups whose number has no prime factor above `degree + 1`, then across them.
    package static func shortest(peers: Int, degree: Int) -> AveragingSchedule {
        let all = Array(0..<peers)
        let direct = AveragingSchedule(all, degree)
        let groups = smoothPart(of: peers, degree + 1)
        guard groups > 1, groups < peers else { return direct }
        let size = peers / groups
        var grouped = AveragingSchedule()
        for group in 0..<groups {
            grouped.add(AveragingSchedule(Array(all[(group * size)..<((group + 1) * size)]), degree), from: 0)
        }
        let within = grouped.rounds.count
        for place in 0..<size {
            grouped.add(cube(stride(from: place, to: peers, by: size).map { $0 }, degree), from: within)
        }
        return grouped.rounds.count < direct.rounds.count ? grouped : direct
    }

    /// The weights of each peer, ascending by sender, under the edges of a round.
    package static func rows(of edges: [Edge], _ peers: Int) -> [[MixingWeight]] {
        var others = [[MixingWeight]](repeating: [], count: peers)
        for edge in edges {
            others[edge.one].append(MixingWeight(peer: PeerID(edge.other), weight: edge.weight))
            others[edge.other].append(MixingWeight(peer: PeerID(edge.one), weight: edge.weight))
        }
        return others.enumerated().map { peer, weights in
            let own = 1 - weights.reduce(0) { $0 + $1.weight }
            let row = abs(own) > 1e-12 ? weights + [MixingWeight(peer: PeerID(peer), weight: own)] : weights
            return row.sorted { $0.peer < $1.peer }
        }
    }

    private init() {}

    /// The simple Base-(k+1) graph of these peers (the paper's algorithm 2).
    private init(_ peers: [Int], _ degree: Int) {
        if Self.smoothPart(of: peers.count, degree + 1) == peers.count {
            self = Self.cube(peers, degree)
            return
        }
        let blocks = Self.blocks(peers, degree + 1)
        // Every block averages within itself.
        for block in blocks { add(Self.cube(block.flatMap { $0 }, degree), from: 0) }
        let start = rounds.count
        for (index, block) in blocks.dropLast().enumerated() {
            // All behind the block take from each of its parts what brings them to the mean of block and rest; what
            // they give is spread over the parts in the same measure.
            let rest = blocks[(index + 1)...].flatMap { $0.flatMap { $0 } }
            let own = block.count * block[0].count
            let weight = Double(own) / Double(block.count * (own + rest.count))
            var edges: [Edge] = []
            for part in block {
                edges += zip(rest, part.suffix(rest.count)).map { Edge(one: $0, other: $1, weight: weight) }
            }
            // Those who are not asked hold the same already; they average all the same, as in the paper.
            let idle = block.flatMap { $0.dropLast(rest.count) }
            for first in stride(from: 0, to: idle.count, by: degree + 1) {
                edges += Self.clique(Array(idle[first..<min(first + degree + 1, idle.count)]))
            }
            add(edges, at: start + index)
            for part in block { add(Self.cube(part, degree), from: start + index + 1) }
        }
    }

    private mutating func add(_ edges: [Edge], at round: Int) {
        while rounds.count <= round { rounds.append([]) }
        rounds[round] += edges
    }

    private mutating func add(_ other: AveragingSchedule, from start: Int) {
        for (index, edges) in other.rounds.enumerated() { add(edges, at: start + index) }
    }

    /// The peers in blocks of `digit x base^power` peers, by the digits of their number to that base, the highest
    /// first; each block in `digit` parts.
    private static func blocks(_ peers: [Int], _ base: Int) -> [[[Int]]] {
        var power = 1
        while power * base <= peers.count { power *= base }
        var blocks: [[[Int]]] = []
        var left = peers[...]
        while power > 0 {
            let digit = left.count / power
            let parts = (0..<digit).map { part in Array(left.dropFirst(part * power).prefix(power)) }
            if digit > 0 { blocks.append(parts) }
            left = left.dropFirst(digit * power)
            power /= base
        }
        return blocks
    }

    /// A hyper-hypercube: peers as numbers of several digits, each round averaging over one digit.
    private static func cube(_ peers: [Int], _ degree: Int) -> AveragingSchedule {
        var schedule = AveragingSchedule()
        var stride = 1
        for (round, factor) in factors(of: peers.count, degree + 1).enumerated() {
            for first in peers.indices where first / stride % factor == 0 {
                schedule.add(clique((0..<factor).map { peers[first + $0 * stride] }), at: round)
            }
            stride *= factor
        }
        return schedule
    }

    private static func clique(_ peers: [Int]) -> [Edge] {
        peers.indices.flatMap { one in
            peers[(one + 1)...].map { Edge(one: peers[one], other: $0, weight: 1 / Double(peers.count)) }
        }
    }

    /// As few factors from 2 to `limit` as there can be, of a number that has no prime factor above `limit`.
    private static func factors(of number: Int, _ limit: Int) -> [Int] {
        guard number > 1 else { return [] }
        let candidates = (2...max(2, min(limit, number))).filter { number.isMultiple(of: $0) }
        let choices = candidates.map { factors(of: number / $0, limit) + [$0] }
        return choices.min { $0.count < $1.count } ?? []
    }

    /// The greatest divisor without prime factors above `limit`.
    private static func smoothPart(of number: Int, _ limit: Int) -> Int {
        var (part, left) = (1, number)
        for factor in 2...max(limit, 2) {
            while left.isMultiple(of: factor) {
                part *= factor
                left /= factor
            }
            if left == 1 { break }
        }
        return part
    }
}
