/// A run in lock step with byzantine peers, rules that do not believe all they hear, trust, or links that compress: it
/// ends at the same bits wherever it is carried out, and wherever it was interrupted.
public struct GuardedRun: Sendable, CustomStringConvertible {
    public let description: String
    /// Algorithm, graph, faults and links, as an experiment of five learners has them.
    public let settings: [String]

    /// - Parameter attack: what peer 1 does, as a fault list has it; peer 4 flips signs beside it.
    private init(_ algorithm: String, _ settings: String..., topology: String = "ring", attack: String? = nil) {
        let faults = attack.map {
            "simulation.faults=[{byzantine: {peer: 1, kind: \($0)}}, {byzantine: {peer: 4, kind: sign-flip}}]"
        }
        // Those with a momentum of their own take plain steps.
        let plain = ["cdmsgd", "qg-dsgdm"].contains(algorithm) ? ["optimizer.name=sgd"] : []
        self.settings =
            ["algorithm.name=\(algorithm)", "topology.name=\(topology)"] + plain + settings
            + [faults].compactMap(\.self)
        description = ([algorithm] + settings + [attack].compactMap(\.self)).joined(separator: ", ")
    }

    public static let all = attacked + robust + judging + compressed

    private static let attacked =
        ["sign-flip", "noise, deviation: 0.1", "replay", "free-rider", "ipm", "dissensus"].map {
            GuardedRun("dpsgd", attack: $0)
        } + [GuardedRun("gradient-tracking", attack: "replay"), GuardedRun("cdmsgd", attack: "alie, z: 1.5")]

    private static let robust = [
        GuardedRun("dpsgd", "algorithm.aggregation=clipped", topology: "complete", attack: "noise"),
        GuardedRun("dpsgd", "algorithm.aggregation=geometric-median", topology: "complete", attack: "dissensus"),
        GuardedRun("cdsgd", "algorithm.aggregation=centred-clipping", attack: "sign-flip"),
        GuardedRun("qg-dsgdm", "algorithm.aggregation={name: median, bucket: 2}", topology: "complete"),
    ]

    private static let judging = [
        GuardedRun("dpsgd", "algorithm.trust={}"),
        GuardedRun(
            "dpsgd", "algorithm.trust={rest: 2, threshold: 0.45}", "algorithm.order=adapt-then-combine",
            topology: "complete", attack: "scale"),
        GuardedRun("qg-dsgdm", "algorithm.trust={window: 5}", topology: "complete", attack: "slander"),
    ]

    private static let compressed = [
        GuardedRun("dpsgd", "compression.name=sign", "compression.error_feedback=true"),
        GuardedRun("dpsgd", "compression={name: topk, ratio: 0.2}"),
        GuardedRun("dpsgd", "compression={name: int8, error_feedback: false}"),
        GuardedRun("dpsgd", "compression.name=lowrank", "common_start=false"),
        GuardedRun("dpsgd", "compression.name=qsgd", attack: "sign-flip"),
        GuardedRun("gradient-tracking", "compression={name: randomk, ratio: 0.3}"),
        GuardedRun("choco"),
        GuardedRun("choco", "compression={name: topk, ratio: 0.2}", topology: "complete"),
        GuardedRun("choco", "compression.name=sign", attack: "free-rider"),
        GuardedRun("powergossip", "algorithm.rank=1"),
        GuardedRun("powergossip", topology: "complete", attack: "noise, deviation: 0.1"),
    ]
}
