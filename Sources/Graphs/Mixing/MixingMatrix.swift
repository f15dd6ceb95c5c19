/// How peers mix their values, round for round: `W[i][j]` is the weight that receiver i puts on sender j's value.
///
/// Nothing is stored but the graph; rows are made when they are asked for, so ten thousand peers cost no more than
/// their edges.
public struct MixingMatrix: Sendable, Codable {
    /// The graph whose edges bear the weights.
    public let graph: Graph

    /// The matrix of the graph by the graph's rule.
    public init(_ graph: Graph) { self.graph = graph }

    /// Rows and columns of the matrix.
    public var peers: Int { graph.peers }

    /// Rounds after which the matrix repeats; 1 when it is constant.
    public var period: UInt64 { graph.period }

    /// The weights of a receiver that are not zero, its own among them, ascending by peer.
    public func row(of receiver: PeerID, round: UInt64 = 0) -> [MixingWeight] {
        if let weights = graph.topology.weights(of: receiver, round: round) { return weights }
        if let rows = graph.scaledRows { return rows[Int(round % period)][receiver.rawValue] }
        let senders = graph.senders(to: receiver, round: round)
        if graph.rule == .randomRowStochastic {
            return RandomWeights(seed: graph.seed, round: round % period).shares(of: receiver, hearing: senders)
        }
        var others = senders.map {
            MixingWeight(peer: $0, weight: weight(of: receiver, on: $0, senders: senders.count, round))
        }
        let own = 1 - others.reduce(0) { $0 + $1.weight }
        // What rounding leaves of nothing is nothing.
        if abs(own) > 1e-12 {
            let place = others.firstIndex { $0.peer > receiver } ?? others.count
            others.insert(MixingWeight(peer: receiver, weight: own), at: place)
        }
        return others
    }

    /// The weight of a receiver on the value of one who sends to it.
    package func weight(of receiver: PeerID, on sender: PeerID, round: UInt64) -> Double {
        guard graph.rule == nil || graph.scaledRows != nil || graph.rule == .randomRowStochastic else {
            let senders =
                graph.isDirected
                ? graph.senders(to: receiver, round: round).count : graph.degree(of: receiver, round: round)
            return weight(of: receiver, on: sender, senders: senders, round)
        }
        return row(of: receiver, round: round).first { $0.peer == sender }?.weight ?? 0
    }

    /// Who puts a positive weight on the sender's value, ascending, itself apart.
    public func receivers(of sender: PeerID, round: UInt64 = 0) -> [PeerID] {
        graph.neighbours(of: sender, round: round)
    }

    /// All weights of a round, receiver for receiver; for small numbers of peers.
    public func dense(round: UInt64 = 0) -> [[Double]] {
        (0..<peers).map { receiver in
            var row = [Double](repeating: 0, count: peers)
            for item in self.row(of: PeerID(receiver), round: round) { row[item.peer.rawValue] = item.weight }
            return row
        }
    }

    /// The weight on an edge.
    private func weight(of receiver: PeerID, on sender: PeerID, senders: Int, _ round: UInt64) -> Double {
        if let weight = graph.edgeWeight { return weight }
        guard let rule = graph.rule else {
            preconditionFailure("\(graph.name) has neither weights nor a rule for them")
        }
        let greater = graph.isDirected ? senders : max(senders, graph.degree(of: sender, round: round))
        switch rule {
        case .metropolis: return 1 / Double(1 + greater)
        case .uniform: return 1 / Double(1 + senders)
        case .lazy: return 0.5 / Double(1 + greater)
        case .maxDegree, .bestConstant, .randomRowStochastic, .randomDoublyStochastic:
            preconditionFailure("\(rule.rawValue) does not weigh \(graph.name) edge by edge")
        }
    }
}
