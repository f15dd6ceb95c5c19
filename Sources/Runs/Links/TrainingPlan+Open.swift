package import Configuration
import Experiments
package import Gossip
import Graphs
public import Runtime
import Vectors

/// A run on an open network, where no peer knows who all peers are.
extension TrainingPlan {
    /// Who begins: the first learner that is there at the beginning.
    package var founder: Int { (0..<experiment.peers).first { !joiners.contains(PeerID($0)) } ?? 0 }

    /// A peer's algorithm there. Throws for one that needs to know all peers.
    package func openAlgorithm(_ peer: Int) throws(ConfigurationError) -> any Algorithm {
        let (name, options) = (experiment.algorithm.name, experiment.algorithm.options)
        guard Algorithms.traits(name, options: options).isOpen else {
            throw Experiment.notOpen(name, instead: "leave simulation.doubt_ms out")
        }
        let setup = try setup(peer).open(
            key: terms?.key ?? UInt64(peer), isFounder: terms?.isFounder ?? (peer == founder))
        return try inSection("algorithm") { () throws(ConfigurationError) in
            try Algorithms.make(name, setup, options: options)
        }
    }

    /// What this run must have in common with those of the peers that it meets.
    ///
    /// Throws `ConfigurationError` where its settings are longer than a peer tells.
    public var linkRun: LinkRun {
        get throws {
            let text = experiment.sharedYAML
            guard text.utf8.count <= LinkRun.longestText else {
                throw ConfigurationError(
                    key: nil,
                    "the settings that all peers share have \(text.utf8.count) bytes, and \(LinkRun.longestText) are "
                        + "the most on an open network; write lists shorter")
            }
            return LinkRun(
                fingerprint: experiment.sharedFingerprint, text: text, parameterCount: layout.count,
                layout: layout.fingerprint)
        }
    }
}
