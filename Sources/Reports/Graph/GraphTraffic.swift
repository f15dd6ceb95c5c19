import Records

/// The edges of a run's graph and what went over them, both ways together.
struct GraphTraffic {
    /// Two peers, the one with the lower number first.
    struct Edge: Hashable {
        var first: Int
        var second: Int
    }

    let learners: Int
    let servers: Int
    /// Bytes over each edge, or messages where those alone were counted; 0 over those of the graph that nobody used.
    let loads: [Edge: Int]
    /// Messages and bytes that each peer sent; none where nothing was counted.
    let sent: [(messages: Int, bytes: Int)]

    /// More peers are not drawn: nothing could be seen.
    static let peerLimit = 128
    /// Widths, from none to that of the busiest edge.
    static let levels = 6

    /// Nil where nothing is known, or too much.
    init?(_ run: RunRecords) {
        let messages = run.summary?.messagesByPair
        let talking = messages?.count ?? 0
        // A summary may say anything of the number of peers.
        let learners = run.graph?.receivers.count ?? min(max(0, run.summary?.peers ?? talking), talking)
        let count = max(learners, talking)
        guard count > 1, count <= Self.peerLimit, run.graph != nil || messages != nil else { return nil }
        self.learners = learners
        servers = count - learners
        var loads: [Edge: Int] = [:]
        for (sender, receivers) in (run.graph?.receivers ?? []).enumerated() {
            for receiver in receivers where receiver != sender { loads[Edge(sender, receiver)] = 0 }
        }
        for (sender, row) in (run.summary?.bytesByPair ?? messages ?? []).enumerated() {
            for (receiver, load) in row.enumerated() where load > 0 && receiver != sender {
                let (sum, overflows) = loads[Edge(sender, receiver), default: 0].addingReportingOverflow(load)
                loads[Edge(sender, receiver)] = overflows ? .max : sum
            }
        }
        self.loads = loads
        let bytes = run.summary?.bytesByPair
        sent = (messages ?? []).indices.map { peer in
            (messages?[peer].reduce(0, Self.sum) ?? 0, bytes?[peer].reduce(0, Self.sum) ?? 0)
        }
    }

    /// Records may hold any numbers; a sum of them has an end.
    private static func sum(_ a: Int, _ b: Int) -> Int {
        let (sum, overflows) = a.addingReportingOverflow(b)
        return overflows ? .max : sum
    }

    /// How wide an edge is drawn: 0 for one without traffic alone.
    func level(_ load: Int) -> Int {
        let most = loads.values.max() ?? 0
        guard load > 0, most > 0 else { return 0 }
        return min(max(1, Int((Double(load) / Double(most) * Double(Self.levels)).rounded(.up))), Self.levels)
    }
}

extension GraphTraffic.Edge {
    init(_ a: Int, _ b: Int) { self.init(first: min(a, b), second: max(a, b)) }
}
