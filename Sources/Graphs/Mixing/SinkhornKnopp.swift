package import Configuration

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes a matrix of positive weights doubly stochastic by scaling its rows and its columns in turn: of all doubly
/// stochastic matrices on the graph's edges the one nearest to the drawn weights, in relative entropy, with none of the
/// edges lost.
///
/// This, and no mixture of permutations (Birkhoff), since on a sparse graph permutations along the edges must be
/// searched for, and as many of them as cover every edge; scaling needs the edges alone, and is a smooth function of
/// what was drawn.
///
/// Citation: R. Sinkhorn, P. Knopp, Concerning nonnegative matrices and doubly stochastic matrices, Pacific Journal of
/// Mathematics 21, 1967, who show that it converges to a matrix on the same edges where each of them lies on a positive
/// diagonal (total support). Where everybody hears itself, that is to say: where each edge lies on a directed circle.
package struct SinkhornKnopp {
    /// Sums of rows and columns may be off by so much in the end.
    package static let tolerance = 1e-12
    /// What the iteration may take: some seconds at the most, and a gigabyte.
    private static let passLimit = 1_000_000
    private static let workLimit = 2_000_000_000
    private static let weightLimit = 20_000_000

    /// For each round of a period the weights of each receiver, ascending by sender, every row and every column of sum
    /// 1; refuses a graph in which there are none, or whose weights do not settle.
    package static func rows(
        of topology: any Topology, named name: String, peers: Int, seed: UInt64
    ) throws(ConfigurationError) -> [[[MixingWeight]]] {
        var rounds: [[[MixingWeight]]] = []
        for round in 0..<topology.period {
            let senders = (0..<peers).map { topology.senders(to: PeerID($0), round: round) }
            let place = "topology '\(name)'" + (topology.period > 1 ? " in round \(round)" : "")
            if let (sender, receiver) = deadEnd(in: topology, peers: peers, round: round) {
                throw ConfigurationError(
                    key: "mixing",
                    "random-doubly-stochastic needs every edge on a directed circle, and in \(place) no path leads "
                        + "back from peer \(receiver) to peer \(sender), which sends to it; add one, or choose "
                        + "random-row-stochastic")
            }
            let weights = RandomWeights(seed: seed, round: round)
            let count = senders.reduce(peers) { $0 + $1.count } * Int(topology.period)
            let scaled =
                count <= weightLimit
                ? scaled(senders.enumerated().map { weights.drawn(for: PeerID($0), hearing: $1) }) : nil
            guard let scaled else {
                throw ConfigurationError(
                    key: "mixing",
                    "the weights of \(peers) peers are not scaled to be doubly stochastic in any useful time in "
                        + "\(place); take fewer peers, or choose \(topology.isDirected ? "uniform" : "metropolis")")
            }
            rounds.append(scaled)
        }
        return rounds
    }

    /// The rows scaled, a square matrix of positive weights in ascending order of peers; nil where the sums do not
    /// settle, as without total support.
    package static func scaled(_ rows: [[MixingWeight]]) -> [[MixingWeight]]? {
        if let cycle = cycle(rows) { return cycle }
        let size = rows.count
        let work = max(rows.reduce(0) { $0 + $1.count }, 1)
        var row = [Double](repeating: 1, count: size)
        var column = [Double](repeating: 1, count: size)
        var sums = [Double](repeating: 0, count: size)
        for pass in 0...min(passLimit, workLimit / work) {
            // Rows sum to 1 from the second pass on; columns then tell how far there is to go.
            for index in sums.indices { sums[index] = 0 }
            for (receiver, weights) in rows.enumerated() {
                for item in weights { sums[item.peer.rawValue] += row[receiver] * item.weight }
            }
            var error = 0.0
            for index in sums.indices {
                error = max(error, abs(column[index] * sums[index] - 1))
                guard sums[index] > 0, sums[index].isFinite else { return nil }
            }
            if pass > 0, error <= tolerance { return products(rows, row, column) }
            for index in sums.indices { column[index] = 1 / sums[index] }
            for (receiver, weights) in rows.enumerated() {
                let sum = weights.reduce(0) { $0 + $1.weight * column[$1.peer.rawValue] }
                guard sum > 0, sum.isFinite else { return nil }
                row[receiver] = 1 / sum
            }
        }
        return nil
    }

    /// The answer for one directed circle of all peers, which scaling would come near in as many passes as the square
    /// of their number: there all edges have one weight `c`, and all peers `1 - c` on themselves. Scaling rows and
    /// columns leaves the product of the own weights over that of the edges as it was drawn, which fixes `c`. Nil for
    /// other graphs.
    private static func cycle(_ rows: [[MixingWeight]]) -> [[MixingWeight]]? {
        guard rows.count > 2, rows.allSatisfy({ $0.count == 2 }) else { return nil }
        func others(_ peer: Int) -> [MixingWeight] { rows[peer].filter { $0.peer.rawValue != peer } }
        var (peer, ratio) = (0, 0.0)
        for step in 1...rows.count {
            let others = others(peer)
            guard others.count == 1, let own = rows[peer].first(where: { $0.peer.rawValue == peer }) else { return nil }
            ratio += log(own.weight) - log(others[0].weight)
            peer = others[0].peer.rawValue
            if peer == 0, step < rows.count { return nil }
        }
        guard peer == 0 else { return nil }
        let edge = 1 / (1 + exp(ratio / Double(rows.count)))
        return rows.enumerated().map { receiver, weights in
            weights.map { MixingWeight(peer: $0.peer, weight: $0.peer.rawValue == receiver ? 1 - edge : edge) }
        }
    }

    private static func products(_ rows: [[MixingWeight]], _ row: [Double], _ column: [Double]) -> [[MixingWeight]] {
        rows.enumerated().map { receiver, weights in
            weights.map {
                MixingWeight(peer: $0.peer, weight: row[receiver] * $0.weight * column[$0.peer.rawValue])
            }
        }
    }

    /// An edge of a round from whose end no path of the same round leads back to its beginning; nil where every edge
    /// lies on a directed circle.
    package static func deadEnd(in topology: any Topology, peers: Int) -> (sender: PeerID, receiver: PeerID)? {
        (0..<topology.period).lazy.compactMap { deadEnd(in: topology, peers: peers, round: $0) }.first
    }

    private static func deadEnd(
        in topology: any Topology, peers: Int, round: UInt64
    ) -> (sender: PeerID, receiver: PeerID)? {
        guard topology.isDirected else { return nil }
        func receivers(_ peer: Int) -> [Int] { topology.neighbours(of: PeerID(peer), round: round).map(\.rawValue) }
        func senders(_ peer: Int) -> [Int] { topology.senders(to: PeerID(peer), round: round).map(\.rawValue) }
        // In a strongly connected graph every edge does.
        if firstUnreached(peers, next: receivers) == nil, firstUnreached(peers, next: senders) == nil { return nil }
        for receiver in 0..<peers {
            let others = senders(receiver)
            if others.isEmpty { continue }
            var reached: Set = [receiver]
            var front = [receiver]
            while let peer = front.popLast() {
                for other in receivers(peer) where reached.insert(other).inserted { front.append(other) }
            }
            if let sender = others.first(where: { !reached.contains($0) }) {
                return (PeerID(sender), PeerID(receiver))
            }
        }
        return nil
    }
}
