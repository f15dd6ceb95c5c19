import Foundation
import Randomness

/// Algorithms over links that compress with error feedback: each under every compressor, of which the models of two
/// numbers leave it a half or nearly all.
extension BatteryRow {
    static let compressed = (consensus + corrected + rare).filter { bearers.contains($0.name) }.map(overThinLinks)

    private static let bearers = [
        "choco", "dpsgd", "cdsgd", "cdmsgd", "gradient-tracking", "qg-dsgdm", "decentlam",
    ]

    /// What the compressors leave of two numbers, and how far mixing then goes.
    private static let choices = [
        ["name=topk", "ratio=0.5", "rate=0.5"], ["name=randomk", "ratio=0.5", "rate=0.4"], ["name=sign", "rate=0.5"],
        ["name=qsgd", "rate=0.5"], ["name=lowrank", "rate=0.9"], ["name=bf16"], ["name=fp16"], ["name=int8"],
    ]

    /// Those that do nothing but mix and step.
    private static let plainMixers = ["choco", "dpsgd", "cdsgd"]

    /// The least of these rates, by which consensus is slower than that of the models themselves: what is left of the
    /// peers' distance after so many rounds is what plain mixing leaves, to this power.
    private static let leastRate = 0.4

    /// The mean moves by gradients alone and steps are as many, whatever links leave out. What a message leaves out
    /// overshoots when it comes, so that models do not stay between their starts.
    private static func overThinLinks(_ plain: BatteryRow) -> BatteryRow {
        var row = plain
        row.variant = "compressed"
        row.recursion = nil
        if plainMixers.contains(plain.name) { row.recursion = { $0.mixReplicas() } }
        // What the others make of a vector is drawn, or turns on its last bits.
        row.isFollowed = { battery in
            ["topk", "sign", "bf16", "fp16", "int8"].contains(battery.setting("compression.name"))
        }
        row.staysBetween = .never
        row.distanceLeft = plain.distanceLeft.map { pow($0, leastRate) }
        row.settings = { random in choices[random.integer(below: choices.count)].map { "compression.\($0)" } }
        return row
    }
}
