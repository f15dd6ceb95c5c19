package import Configuration
import Experiments
package import Gossip
import Graphs

/// A run on an open network, where no peer knows who all peers are.
extension TrainingPlan {
    /// Who begins: the first learner that is there at the beginning.
    package var founder: Int { (0..<experiment.peers).first { !joiners.contains(PeerID($0)) } ?? 0 }

    /// A peer's algorithm there. Throws for one that needs to know all peers.
    package func openAlgorithm(_ peer: Int) throws(ConfigurationError) -> any Algorithm {
        let (name, options) = (experiment.algorithm.name, experiment.algorithm.options)
        guard Algorithms.traits(name, options: options).isOpen else {
            let others = Algorithms.all.map(\.name).filter { Algorithms.traits($0).isOpen }
            throw ConfigurationError(
                key: "algorithm.name",
                "\(name) needs to know all peers, and on an open network nobody does; take one of "
                    + others.joined(separator: ", ") + ", or leave simulation.doubt_ms out")
        }
        let setup = try setup(peer).open(key: UInt64(peer), isFounder: peer == founder)
        return try inSection("algorithm") { () throws(ConfigurationError) in
            try Algorithms.make(name, setup, options: options)
        }
    }
}
