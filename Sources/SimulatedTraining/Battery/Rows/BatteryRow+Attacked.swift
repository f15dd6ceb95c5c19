/// Peers of whom some are byzantine. Of their models nothing is promised; but nobody stops, waits or holds anything
/// because of them, and what they do does not depend on the network.
extension BatteryRow {
    private static let alone = [
        "nan", "scale", "scale, factor: -1.5", "sign-flip", "replay", "noise", "noise, deviation: 0.1", "free-rider",
    ]
    private static let fromOthers = ["alie", "alie, z: 1.5", "ipm", "ipm, epsilon: 2", "dissensus"]

    static let attacked = [
        BatteryRow(
            algorithm: "dpsgd", variant: "attacked",
            options: { ["order=" + pick(["combine-then-adapt", "adapt-then-combine"], &$0)] },
            attacks: alone + fromOthers, staysBetween: .never),
        // All send what they should, so that whoever is distrusted was slandered.
        BatteryRow(
            algorithm: "dpsgd", variant: "slandered",
            options: { ["trust={aspects: [intact], window: " + pick(["10", "20", "50"], &$0) + "}"] },
            attacks: ["slander"], conserved: .sum, bias: 0.01, trustLeft: 0.8),
        BatteryRow(
            algorithm: "cdsgd", variant: "attacked", attacks: alone + fromOthers, staysBetween: .never),
        BatteryRow(
            algorithm: "local-sgd", variant: "attacked",
            options: { ["period=" + pick(["1", "2", "5"], &$0)] }, attacks: alone, staysBetween: .never, reach: .all),
    ]
}
