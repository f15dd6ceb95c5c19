public import Configuration
import Graphs

/// Decentralised parallel SGD: in every round each peer averages its model with its neighbours' by a fixed mixing
/// matrix and takes a step along its own gradient.
///
/// Citation: X. Lian, C. Zhang, H. Zhang, C.-J. Hsieh, W. Zhang, J. Liu, Can decentralized algorithms outperform
/// centralized algorithms? A case study for decentralized parallel stochastic gradient descent, NIPS 2017,
/// arXiv:1705.09056.
///
/// Update rule, with the mixing matrix W and the gradient taken at the model before mixing:
///
///     combine-then-adapt:   x_i <- optimizer(sum over j of W_ij x_j, g_i(x_i))      the paper's Algorithm 1
///     adapt-then-combine:   x_i <- sum over j of W_ij optimizer(x_j, g_j(x_j))
///
/// In the first order a peer sends before it computes, so that sending hides behind the gradient; in the second it
/// cannot.
///
/// Assumptions: W doubly stochastic and the graph connected; the paper also wants W symmetric, which the mean does not
/// need. Every message arrives: a peer waits for all its living neighbours in every round.
///
/// Departures: the optimizer may have momentum, which stays with the peer and is not mixed. Where a neighbour dies, the
/// weight on its model goes to the peer's own; a model that it sent before is still mixed in its round.
public struct DPSGD: SynchronousRounds {
    enum Order: String, CaseIterable, Codable, Sendable {
        case combineThenAdapt = "combine-then-adapt"
        case adaptThenCombine = "adapt-then-combine"
    }

    static let order = Option<Order>.choice(
        "order", default: .combineThenAdapt, "Whether models are mixed before the step or after it")

    public static let description = Description(
        name: "dpsgd", summary: "D-PSGD: every round averages with the neighbours (Lian et al. 2017)",
        options: [order.description, AggregationRules.option.description, TrustSettings.option.description])
    public static let traits = Traits(
        faultTolerance: .crash, needs: [.doublyStochastic, .connected], isLockStep: true, keepsStepWithNeighbours: true,
        graphUse: .weights, compression: .replicas)

    public static func traits(_ options: Options) -> Traits { traits.judging(options) }

    private let order: Order
    var rounds: RoundState

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        order = try options.value(Self.order)
        rounds = RoundState(
            setup, aggregation: try .ofRows(setup, options), trust: try TrustSettings.chosen(options))
    }

    var sendsFirst: Bool { order == .combineThenAdapt }

    mutating func adapt(_ effects: inout Effects) {
        if order == .adaptThenCombine { effects.update() }
    }

    mutating func combine(_ effects: inout Effects) {
        mix(into: .model, effects: &effects)
        if order == .combineThenAdapt { effects.update() }
    }
}
