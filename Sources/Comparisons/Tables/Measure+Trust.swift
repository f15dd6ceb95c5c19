import Records

extension Measure {
    /// How honest peers came to trust their neighbours.
    static let trusted = [
        Measure(
            "trust_area", "area under ROC", .higher, .decimal,
            "chance that a byzantine neighbour is trusted less than an honest one"
        ) { $0.summary.trust?.areaUnderROC },
        Measure("trust_honest", "trust in honest", .higher, .decimal, "mean trust in honest neighbours") {
            $0.summary.trust?.inHonest
        },
        Measure("trust_byzantine", "in byzantine", .lower, .decimal, "mean trust in byzantine neighbours") {
            $0.summary.trust?.inByzantine
        },
        Measure(
            "isolated_byzantine", "isolated", .higher, .percent, "edges to byzantine neighbours that were laid to rest"
        ) { $0.summary.trust?.byzantineIsolated },
        Measure("isolated_honest", "honest isolated", .lower, .percent, "the same of edges to honest neighbours") {
            $0.summary.trust?.honestIsolated
        },
        Measure(
            "isolation_rounds", "rounds to that", .lower, .count, "until edges to byzantine neighbours first rested"
        ) { $0.summary.trust?.roundsToIsolation },
    ]
}
