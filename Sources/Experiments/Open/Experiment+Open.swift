package import Configuration
import Gossip
package import Runtime
import Transports

/// Experiments on an open network, of which each process carries out one peer's part.
extension Experiment {
    /// How the peer gets into an open network; nil where all peers of the run are known.
    package var linkTransport: (any LinkTransport)? { Transports.links(transport.name) }

    private static let ownPartition = "own"

    /// Fills in what follows from an open network where the user has not set it.
    mutating func adoptOpenNetwork(_ isSet: (String) -> Bool) {
        guard linkTransport != nil else { return }
        if !isSet("peers") { peers = 1 }
        if !isSet("partition.kind") { partition = Choice(Self.ownPartition) }
    }

    /// The first setting that goes with open networks alone, or that they cannot have; nil where there is none.
    func problemOfOpenNetwork() -> ConfigurationError? {
        guard linkTransport != nil else {
            return partition.name == Self.ownPartition
                ? ConfigurationError(
                    key: "partition.kind",
                    "each peer has data of its own on an open network alone; deal the samples out by another kind, or "
                        + "set transport.name to \(Self.openTransports)")
                : nil
        }
        let refusal = refusals.first { $0.isSet }
        return refusal.map { ConfigurationError(key: $0.key, $0.sentence) } ?? problemOfOpenAlgorithm
    }

    private static var openTransports: String {
        Transports.all.filter { $0.links != nil }.map(\.description.name).joined(separator: " or ")
    }

    /// What an open network has not, by key.
    private var refusals: [(isSet: Bool, key: String, sentence: String)] {
        let network = "on an open network (transport.name=\(transport.name))"
        return [
            (peers != 1, "peers", "\(network) a process has one peer; leave it out, and start a process for each"),
            (
                partition.name != Self.ownPartition, "partition.kind",
                "\(network) nobody deals samples out; leave it out, or set it to \(Self.ownPartition)"
            ),
            (
                topology.name != Experiment().topology.name, "topology.name",
                "\(network) peers choose their links themselves; leave it out, and set transport.neighbours"
            ),
            (
                checkpoint.everyEpochs != nil, "checkpoint.every_epochs",
                "\(network) the others have the model when a peer is gone; leave it out"
            ),
            (
                checkpoint.resume != nil, "checkpoint.resume",
                "\(network) every start is that of a joiner; leave it out, or let a founder start from model.weights"
            ),
            (
                !simulation.faults.isEmpty, "simulation.faults",
                "\(network) things go wrong by themselves, and no peer is made to fail or to be byzantine; leave it "
                    + "out, or have 'murmur simulate' run the list with simulation.doubt_ms"
            ),
            (
                simulation.doubtMilliseconds != nil, "simulation.doubt_ms",
                "that is how long the simulator's peers doubt; set transport.doubt_seconds"
            ),
        ]
    }

    private var problemOfOpenAlgorithm: ConfigurationError? {
        guard !Algorithms.traits(algorithm.name, options: algorithm.options).isOpen else { return nil }
        return Self.notOpen(algorithm.name, instead: "train on threads or over MPI")
    }

    /// The complaint about an algorithm that cannot do with links alone. - Parameter instead: what else helps.
    package static func notOpen(_ algorithm: String, instead: String) -> ConfigurationError {
        let others = Algorithms.all.map(\.name).filter { Algorithms.traits($0).isOpen }
        return ConfigurationError(
            key: "algorithm.name",
            "\(algorithm) needs to know all peers, and on an open network nobody does; take one of "
                + others.joined(separator: ", ") + ", or \(instead)")
    }
}
