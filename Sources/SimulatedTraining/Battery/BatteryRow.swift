import Foundation
import Gossip
import Randomness

/// What the battery knows of one algorithm: which options to draw, and what theory says of its models. A new algorithm
/// adds its row to `all`.
struct BatteryRow: Sendable {
    let algorithm: String
    /// Settings below `algorithm.`, drawn for one case.
    var options: @Sendable (inout RandomStream) -> [String] = { _ in [] }
    /// What moves by gradients alone, while nobody dies.
    var conserved: Conserved?
    /// The recursion that the models follow while nobody dies, where they do not depend on who is quicker.
    var recursion: (@Sendable (inout LockStepOracle) -> Void)?
    /// How far the mean of the models may end from the optimum, in worlds where all are equally quick, as a share of
    /// how far apart the peers' minima are: what the algorithm's paper, or its header, admits. Nil: it is not compared.
    var bias: Double?
    /// Whether that holds only where all peers know equally many: elsewhere who is told more counts more.
    var biasNeedsRegularGraph = false
    /// The setting without which that is only so in the mean of many runs.
    var biasNeeds: String?
    /// What is left of the peers' distance from each other at the end, once gradients are 0 and faults are over.
    var distanceLeft: Double?
    /// What theory says is left, where that can be more.
    var distanceByTheory: (@Sendable (BatteryCase) -> Double)?
    /// Whether bias and distance hold only where the network loses nothing: who gives half of its mass away in every
    /// step, and hears nothing while a lost message holds up those behind it, has hardly any mass left.
    var needsNoLoss = false
    /// Whether models stay between the starts and the minima of all peers while they are drawn towards minima, and not
    /// only while they are averaged.
    var staysBetween = true
    /// Whether each peer makes exactly the steps that it is to make; not where a server counts their sum.
    var hasExactSteps = true
    /// The most peers of a case.
    var peersLimit = 12

    enum Conserved: Sendable {
        /// The sum of all models, a centre's among them.
        case sum
        /// The sum of all models, each with its peer's share of the mass.
        case weightedSum
    }

    static let all = [
        BatteryRow(
            algorithm: "centralized", conserved: .sum, recursion: { $0.averageGradients() }, bias: 0.01, peersLimit: 1),
        BatteryRow(algorithm: "allreduce", conserved: .sum, recursion: { $0.averageGradients() }, bias: 0.01),
        BatteryRow(
            algorithm: "dpsgd",
            options: { ["order=" + pick(["combine-then-adapt", "adapt-then-combine"], &$0)] },
            conserved: .sum, recursion: { $0.mixModels() }, bias: 0.01, distanceLeft: 0.2),
        BatteryRow(
            algorithm: "gosgd", options: { ["probability=" + pick(["0.3", "0.5", "1"], &$0)] },
            conserved: .weightedSum, bias: 0.5, biasNeedsRegularGraph: true,
            distanceLeft: 0.2, needsNoLoss: true),
        BatteryRow(
            algorithm: "gossip-pull", options: { [pick(["period=1", "probability=0.7"], &$0)] }, bias: 0.5,
            biasNeedsRegularGraph: true, distanceLeft: 0.2),
        // A gradient of an old model may lead a little beyond the minima.
        BatteryRow(algorithm: "adpsgd", conserved: .sum, bias: 0.2, distanceLeft: 0.2, staysBetween: false),
        // The mean of the de-biased models is not that of the numerators where peers have unequal weights.
        BatteryRow(algorithm: "sgp", conserved: .sum, recursion: { $0.push() }, bias: 0.3, distanceLeft: 0.2),
        // A step on a numerator of small weight w is one of `eta / w`: with late shares it leads beyond the minima.
        BatteryRow(
            algorithm: "osgp", options: { ["staleness=" + pick(["0", "1", "3"], &$0)] }, conserved: .sum, bias: 0.3,
            distanceLeft: 0.2, staysBetween: false),
        // The tracked gradient may lead beyond the minima before it settles.
        BatteryRow(
            algorithm: "gradient-tracking", conserved: .sum, recursion: { $0.track() }, bias: 0.02, distanceLeft: 0.2,
            staysBetween: false, peersLimit: 8),
        BatteryRow(
            algorithm: "aeasgd", options: { ["period=" + pick(["1", "2", "3"], &$0)] }, conserved: .sum, bias: 0.2,
            distanceLeft: 0.2,
            // Each exchange takes a worker a share alpha of its way to the centre.
            distanceByTheory: { pow(1 - 0.9 / Double($0.peers), Double($0.steps / $0.period)) }),
        // Clients that are drawn by chance draw the server to their own minima.
        BatteryRow(
            algorithm: "fedavg",
            options: { ["fraction=" + pick(["1", "1", "0.5"], &$0), "local_epochs=" + pick(["1", "2"], &$0)] },
            recursion: { $0.averageClients() }, bias: 0.01, biasNeeds: "fraction=1", distanceLeft: 0,
            hasExactSteps: false),
    ]

    static func row(_ algorithm: String) -> BatteryRow? { all.first { $0.algorithm == algorithm } }

    private static func pick(_ values: [String], _ random: inout RandomStream) -> String {
        values[random.integer(below: values.count)]
    }
}
