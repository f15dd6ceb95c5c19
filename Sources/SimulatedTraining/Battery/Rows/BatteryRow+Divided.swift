import Randomness

/// Algorithms that divide one model among the peers. The peers of a stage share rows of as many targets.
extension BatteryRow {
    static let divided = [
        // A synchronous schedule makes the steps of one peer, whoever dies.
        BatteryRow(
            algorithm: "nettorrent",
            options: { ["schedule=" + pick(["gpipe", "1f1b"], &$0), "microbatches=" + pick(["1", "2", "3"], &$0)] },
            shape: stages, coordinates: 4, hasCommonStart: true, recursion: { $0.averageSlots() },
            recursionOutlivesDeaths: true, staysBetween: .never, reach: .all),
        BatteryRow(
            algorithm: "nettorrent", variant: "asynchronous",
            options: { ["schedule=asynchronous", "microbatches=" + pick(["1", "2", "3"], &$0)] },
            shape: stages, coordinates: 4, hasCommonStart: true, hasFixedOrder: false, staysBetween: .never,
            reach: .all),
        BatteryRow(
            algorithm: "nettorrent", variant: "gossip",
            options: {
                ["schedule=" + pick(["1f1b", "asynchronous"], &$0), "microbatches=" + pick(["1", "2"], &$0)]
            },
            shape: { peers, random in
                let slots = Int(pick(slots(peers).filter { peers == 1 || $0 > 1 }.map { "\($0)" }, &random)) ?? 1
                return ["peers_per_stage=\(slots)"] + (slots > 1 ? ["stage_sync=gossip"] : [])
            }, coordinates: 4, hasCommonStart: true, hasFixedOrder: false, staysBetween: .never, reach: .all),
    ]

    /// How many peers a stage may have where there are so many, and no more than four stages.
    private static func slots(_ peers: Int) -> [Int] {
        (1...peers).filter { peers % $0 == 0 && peers / $0 <= 4 }
    }

    @Sendable private static func stages(_ peers: Int, _ random: inout RandomStream) -> [String] {
        let slots = Int(pick(slots(peers).map { "\($0)" }, &random)) ?? 1
        // Each stage has four coordinates, or what is left of four among the stages.
        let isNarrow = slots * (peers / slots) <= 4 && 4 % (peers / slots) == 0
        return ["peers_per_stage=\(slots)", "split=" + (isNarrow ? pick(["rows", "neurons"], &random) : "rows")]
    }
}
