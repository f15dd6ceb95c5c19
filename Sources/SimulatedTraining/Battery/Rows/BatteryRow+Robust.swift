import Randomness

/// Algorithms that mix rows by other rules than the mean, where nobody is byzantine.
///
/// The rules keep no mean and few graphs together, so that what is asked is that the models follow the recursion, that
/// they stay between the starts while they only mix, and whatever is asked of every algorithm. (A step along the old
/// model's gradient leads beyond the minima where the rule leaves the own model out.)
extension BatteryRow {
    static let robust = [
        BatteryRow(
            algorithm: "dpsgd", variant: "robust",
            options: { ["order=" + pick(["combine-then-adapt", "adapt-then-combine"], &$0)] }, shape: rules,
            recursion: { $0.mixRobustly() }, staysBetween: .whileAveraging),
        BatteryRow(
            algorithm: "cdsgd", variant: "robust", shape: rules, recursion: { $0.mixRobustly() },
            staysBetween: .whileAveraging),
        BatteryRow(
            algorithm: "cdmsgd", variant: "robust",
            options: {
                [
                    "momentum=" + pick(["0.3", "0.6"], &$0),
                    "variant=" + pick(["polyak", "nesterov", "released-code"], &$0),
                ]
            },
            shape: memoryless, recursion: { $0.consensusMomentum() }, staysBetween: .never),
        // The momentum repeats what a rule did, which the rule answers: peers may swing further and further apart, what
        // was rounded with them, and no recursion follows that (seed 117 of medians and of geometric ones).
        BatteryRow(
            algorithm: "qg-dsgdm", variant: "robust",
            options: { ["momentum=" + pick(["0.3", "0.6"], &$0)] }, shape: memoryless, staysBetween: .never),
        // Which vectors are chosen turns on the last bit of a distance or of a score: no recursion follows that.
        BatteryRow(algorithm: "dpsgd", variant: "chosen", shape: choices, staysBetween: .whileAveraging),
        BatteryRow(
            algorithm: "gossip-pull", variant: "robust", options: { [pick(["period=1", "probability=0.7"], &$0)] },
            shape: pairs, staysBetween: .whileAveraging),
        BatteryRow(
            algorithm: "gossip-push", variant: "robust", options: { [pick(["period=1", "probability=0.7"], &$0)] },
            shape: pairs, staysBetween: .whileAveraging),
        BatteryRow(
            algorithm: "gossip-pull", variant: "synchronous-robust",
            options: { ["synchronous=true", "period=" + pick(["1", "2"], &$0)] }, shape: pairs,
            staysBetween: .whileAveraging),
        BatteryRow(
            algorithm: "local-sgd", variant: "robust", options: { ["period=" + pick(["1", "2", "5"], &$0)] },
            shape: rules, reach: .all),
        BatteryRow(
            algorithm: "fedavg", variant: "robust", options: { ["local_epochs=" + pick(["1", "2"], &$0)] },
            shape: rules, hasExactSteps: false, reach: .all),
    ]

    private static func rule(_ name: String, _ options: String...) -> [String] {
        (["name=" + name] + options).map { "aggregation." + $0 }
    }

    @Sendable private static func memoryless(_ peers: Int, _ random: inout RandomStream) -> [String] {
        let byzantine = "byzantine=" + (peers > 2 ? pick(["0", "1"], &random) : "0")
        switch random.integer(below: 5) {
        case 0: return rule("clipped", "tau=" + pick(["0.5", "2", ".inf"], &random))
        case 1: return rule("clipped", "byzantine=0.3")
        case 2: return rule("trimmed-mean", byzantine)
        case 3: return rule("median")
        default: return rule("geometric-median")
        }
    }

    @Sendable private static func rules(_ peers: Int, _ random: inout RandomStream) -> [String] {
        guard random.bernoulli(0.2) else { return memoryless(peers, &random) }
        return rule("centred-clipping", "tau=" + pick(["0.5", "2"], &random))
    }

    @Sendable private static func choices(_ peers: Int, _ random: inout RandomStream) -> [String] {
        let byzantine = "byzantine=" + (peers > 4 ? pick(["0", "1"], &random) : "0")
        switch random.integer(below: 4) {
        case 0 where peers > 2: return rule("krum", byzantine)
        case 1 where peers > 2: return rule("multi-krum", byzantine, "best=" + pick(["null", "2"], &random))
        case 2: return rule("median", "bucket=2")
        default: return rule("ubar", "near=" + pick(["0.4", "1"], &random))
        }
    }

    @Sendable private static func pairs(_ peers: Int, _ random: inout RandomStream) -> [String] {
        switch random.integer(below: 4) {
        case 0: rule("clipped", "tau=" + pick(["0.5", "2"], &random))
        case 1: rule("centred-clipping", "tau=1")
        case 2: rule("geometric-median")
        default: rule("median")
        }
    }
}
