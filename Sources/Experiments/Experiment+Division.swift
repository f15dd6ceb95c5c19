package import Gossip

extension Experiment {
    /// How the algorithm divides the model among the peers; nil where each has the whole of it.
    package var division: Division? { Algorithms.traits(algorithm.name, options: algorithm.options).division }
}
