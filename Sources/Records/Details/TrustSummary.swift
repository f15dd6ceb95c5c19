package import Configuration

/// How honest peers that judge their neighbours came to trust them: `trust` in `summary.json`.
public struct TrustSummary: Sendable, Hashable, Decodable {
    /// The mean trust in honest neighbours, from 0 to 1; nil where there are none.
    public let inHonest: Double?
    /// The mean trust in byzantine neighbours; nil where there are none.
    public let inByzantine: Double?
    /// The chance that of a byzantine and an honest neighbour, drawn at random among all peers', the byzantine one is
    /// trusted less, equal trust counting half: the area under the receiver operating characteristic.
    public let areaUnderROC: Double?
    /// The share of the edges to byzantine neighbours that were laid to rest at some time.
    public let byzantineIsolated: Double?
    /// The mean number of rounds until that; nil where none was.
    public let roundsToIsolation: Double?
    /// The share of the edges to honest neighbours that were laid to rest at some time.
    public let honestIsolated: Double?

    /// What one peer came to make of one neighbour.
    public struct Edge: Sendable, Hashable {
        /// Whether the neighbour is byzantine.
        public let isByzantine: Bool
        /// From 0 to 1.
        public let trust: Double
        /// The round in which the edge was first laid to rest; nil where it never was.
        public let firstRest: UInt64?

        /// An edge from an honest peer.
        public init(isByzantine: Bool, trust: Double, firstRest: UInt64?) {
            self.isByzantine = isByzantine
            self.trust = trust
            self.firstRest = firstRest
        }
    }

    /// What the edges of the honest peers come to; nil where there are none.
    public init?(_ edges: [Edge]) {
        guard !edges.isEmpty else { return nil }
        func mean(_ numbers: [Double]) -> Double? {
            numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
        }
        let (byzantine, honest) = (edges.filter(\.isByzantine), edges.filter { !$0.isByzantine })
        inHonest = mean(honest.map(\.trust))
        inByzantine = mean(byzantine.map(\.trust))
        areaUnderROC = Self.areaUnderROC(byzantine.map(\.trust).sorted(), honest.map(\.trust).sorted())
        byzantineIsolated = mean(byzantine.map { $0.firstRest == nil ? 0 : 1 })
        honestIsolated = mean(honest.map { $0.firstRest == nil ? 0 : 1 })
        roundsToIsolation = mean(byzantine.compactMap { $0.firstRest.map { Double($0) } })
    }

    /// Both ascending.
    private static func areaUnderROC(_ low: [Double], _ high: [Double]) -> Double? {
        guard !low.isEmpty, !high.isEmpty else { return nil }
        var (less, notMore, wins) = (0, 0, 0.0)
        for trust in high {
            while less < low.count, low[less] < trust { less += 1 }
            while notMore < low.count, low[notMore] <= trust { notMore += 1 }
            wins += Double(less + notMore) / 2
        }
        return wins / Double(low.count * high.count)
    }

    private enum CodingKeys: String, CodingKey {
        case inHonest = "in_honest"
        case inByzantine = "in_byzantine"
        case areaUnderROC = "area_under_roc"
        case byzantineIsolated = "byzantine_isolated"
        case roundsToIsolation = "rounds_to_isolation"
        case honestIsolated = "honest_isolated"
    }

    package var json: JSON {
        let numbers: [(CodingKeys, Double?)] = [
            (.inHonest, inHonest), (.inByzantine, inByzantine), (.areaUnderROC, areaUnderROC),
            (.byzantineIsolated, byzantineIsolated), (.roundsToIsolation, roundsToIsolation),
            (.honestIsolated, honestIsolated),
        ]
        return .object(numbers.map { ($0.rawValue, $1.map(JSON.number) ?? .null) })
    }
}
