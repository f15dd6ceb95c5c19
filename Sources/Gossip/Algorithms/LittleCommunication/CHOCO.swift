public import Configuration
import Graphs

/// CHOCO-SGD: gossip of compressed differences, where every peer mixes what the neighbours know of it with what it
/// knows of them.
///
/// Citation: A. Koloskova, T. Lin, S. U. Stich, M. Jaggi, Decentralized deep learning with arbitrary communication
/// compression, ICLR 2020, arXiv:1907.09356, Algorithm 1; A. Koloskova, S. U. Stich, M. Jaggi, Decentralized stochastic
/// optimization and gossip algorithms with compressed communication, ICML 2019, arXiv:1902.00340.
///
/// Update rule, with the mixing matrix W, the compressor Q, the consensus rate gamma and replicas y that all who hold
/// one of a peer hold alike:
///
///     x_i <- x_i + gamma sum over j of W_ij (y_j - y_i)
///     q_i <- Q(x_i - y_i), sent to all neighbours;  y_j <- y_j + q_j for each neighbour j and i itself
///     x_i <- optimizer(x_i, g_i(x_i))
///
/// Assumptions: W symmetric and doubly stochastic and the graph connected; Q keeps a part of what it is given, `E |Q(v)
/// - v|^2 <= (1 - delta) |v|^2`; gamma small enough for delta. Every message arrives, in order: a peer waits for all
/// its living neighbours in every round, whose messages come while it computes.
///
/// Departures: replicas, compressor and gamma are the links' (`compression`), as for every algorithm that bears them;
/// where nothing is compressed, Q is the identity, gamma is 1, and this is D-PSGD. Replicas begin as the common start,
/// or as the whole vector in a first message, not as 0. A step ends with the gossip that the paper puts at the beginning
/// of the next, and there the optimizer's step comes behind it, which is the same sum. The optimizer may have momentum, which stays with the peer. Where a neighbour dies, its weight goes to
/// the peer's own model.
public struct CHOCO: SynchronousRounds {
    public static let description = Description(
        name: "choco", summary: "CHOCO-SGD: gossip of compressed differences (Koloskova et al. 2020)")
    public static let traits = Traits(
        faultTolerance: .crash, needs: [.symmetric, .doublyStochastic, .connected], isLockStep: true,
        keepsStepWithNeighbours: true, graphUse: .weights, compression: .replicasOnly)

    var rounds: RoundState

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        rounds = RoundState(setup)
    }

    var sendsFirst: Bool { true }

    mutating func combine(_ effects: inout Effects) {
        mix(into: .model, effects: &effects)
        effects.update()
    }
}
