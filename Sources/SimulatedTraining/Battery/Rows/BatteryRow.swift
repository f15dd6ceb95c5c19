import Gossip
import Randomness

/// The case of one algorithm, which everything reads that tries or shows all algorithms: the battery, for the options
/// to draw and what theory says of the models; `Traces/`; docs/results. A new algorithm adds its row to one of the
/// tables.
package struct BatteryRow: Sendable {
    package let algorithm: String
    /// What tells it from other rows of the same algorithm, in the row's name behind a '+'. The battery alone has
    /// those.
    package var variant: String?
    /// The run of its script in `Traces/`.
    package var trace = TraceCase()
    /// Settings of its run in docs/results/algorithms.md, besides those that all share.
    package var results: [String] = []
    /// Settings below `algorithm.`, drawn for one case.
    var options: @Sendable (inout RandomStream) -> [String] = { _ in [] }
    /// Settings of other sections, drawn for one case.
    var settings: @Sendable (inout RandomStream) -> [String] = { _ in [] }
    /// More settings below `algorithm.`, of algorithms whose peers must be as many as their options say.
    var shape: @Sendable (_ peers: Int, inout RandomStream) -> [String] = { _, _ in [] }
    /// Attacks of which one or two peers make one each; none where all peers are honest. What theory promises of means
    /// is then not asked for.
    var attacks: [String] = []
    /// Numbers in a model.
    var coordinates = 2
    /// Whether all peers start at the same point.
    var hasCommonStart = false
    /// What moves by gradients alone, while nobody dies.
    var conserved: Conserved?
    /// The recursion that the models follow while nobody dies, where they do not depend on who is quicker.
    var recursion: (@Sendable (inout LockStepOracle) -> Void)?
    /// Whether the case's settings let it be followed.
    var isFollowed: @Sendable (BatteryCase) -> Bool = { _ in true }
    /// Whether they follow it though peers die, and gradients have no noise.
    var recursionOutlivesDeaths = false
    /// Whether the models are those of the same peers when nothing goes wrong, for algorithms whose peers wait for each
    /// other.
    var hasFixedOrder = true
    /// How far the mean of the models may end from the optimum, in worlds where all are equally quick, as a share of
    /// how far apart the peers' minima are: what the algorithm's paper, or its header, admits. Nil: it is not compared.
    var bias: Double?
    /// The same where frames are lost, if that makes a difference.
    var biasUnderLoss: Double?
    /// Whether that holds only where all peers know equally many: elsewhere who is told more counts more.
    var biasNeedsRegularGraph = false
    /// The setting without which that is only so in the mean of many runs.
    var biasNeeds: String?
    /// What is left of the peers' distance from each other at the end, once gradients are 0 and faults are over.
    var distanceLeft: Double?
    /// The least trust of honest peers in honest neighbours at the end, none of whose edges ever rested.
    var trustLeft: Double?
    /// Whether bias and distance hold only where the network loses nothing: who gives half of its mass away in every
    /// step, and hears nothing while a lost message holds up those behind it, has hardly any mass left.
    var needsNoLoss = false
    /// When models stay between the starts and the minima of all peers.
    var staysBetween = Between.always
    /// Whether each peer makes exactly the steps that it is to make; not where a server counts their sum.
    var hasExactSteps = true
    /// The most peers of a case.
    var peersLimit = 12
    /// Settings below `topology.`, drawn for one case.
    var topology: @Sendable (inout RandomStream) -> [String] = { _ in [] }
    /// Through whom peers come together.
    var reach = Reach.graph
    /// The learning rate for so many peers.
    var rate: @Sendable (_ peers: Int) -> Double = { _ in 0.1 }
    /// What is left of the way to the optimum at the end, once nothing else keeps the models from it. A hundredth is,
    /// after some sixty steps, and more where a server holds its workers back.
    var wayLeft: @Sendable (BatteryCase) -> Double = { _ in 0.04 }
    /// Whether the case's options let all peers come together at all.
    var comesTogether: @Sendable (BatteryCase) -> Bool = { _ in true }

    /// The algorithm, and the variant where there is one.
    var name: String { variant.map { "\(algorithm)+\($0)" } ?? algorithm }

    enum Conserved: Sendable {
        /// The sum of all models, a server's among them.
        case sum
        /// The sum of all models, each with its peer's share of the mass.
        case weightedSum
        /// The sum of all models, where a gradient's step is repeated in every later one, each time by the share of the
        /// option `momentum` of the time before.
        case sumWithMomentum
        /// The server's model, which moves by all gradients.
        case server
    }

    enum Between: Sendable {
        case always
        /// Only while gradients are 0: one of an old model, or repeated by a momentum, leads beyond the minima.
        case whileAveraging
        /// Not even then: mixing itself has a momentum.
        case never
    }

    enum Reach: Sendable {
        /// Over the edges of the graph.
        case graph
        /// Everybody reaches everybody, or a server, whatever the graph.
        case all
        /// In a ring, or along a tree, over the peers' numbers, whatever the graph.
        case ring
    }

    package static let all =
        baselines + gossip + consensus + corrected + rare + divided + robust + attacked
        + compressed + open

    /// The rows of the algorithms themselves, one each.
    package static let algorithms = all.filter { $0.variant == nil }

    static func row(_ name: String) -> BatteryRow? { all.first { $0.name == name } }

    static func pick(_ values: [String], _ random: inout RandomStream) -> String {
        values[random.integer(below: values.count)]
    }
}
