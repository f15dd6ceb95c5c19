package import Configuration
package import Experiments
package import Gossip
package import Models
package import Optimizers

extension Division {
    /// What is done to gradients. Throws for settings that do not go with a model that is divided.
    package func check(_ experiment: Experiment) throws(ConfigurationError) -> GradientShaping {
        try inSection("algorithm") { () throws(ConfigurationError) in try check(peers: experiment.peers) }
        guard experiment.commonStart else {
            throw ConfigurationError(
                key: "common_start", "the peers have one model together, which has one start; leave it true")
        }
        let (optimizer, options) = (experiment.optimizer.name, experiment.optimizer.options)
        let shaping = try inSection("optimizer") { () throws(ConfigurationError) in
            try Optimizers.shaping(optimizer, options)
        }
        guard shaping.clipNorm == nil else {
            throw ConfigurationError(
                key: "optimizer.clip_norm",
                "no peer knows the length of the whole gradient, of which \(experiment.algorithm.name) gives each one "
                    + "a part; leave it out")
        }
        let measuresTensors = try inSection("optimizer") { () throws(ConfigurationError) in
            try Optimizers.measuresTensors(optimizer, options)
        }
        guard split == .rows || !measuresTensors else {
            throw ConfigurationError(
                key: "optimizer.name",
                "\(optimizer) goes by the lengths of whole tensors, of which each peer that shares neurons has a part; "
                    + "split by rows, or take another optimizer")
        }
        return shaping
    }

    /// Throws where so many samples do not divide into microbatches in which every slot has something to do.
    package func check(_ network: Network, batch: Int) throws(ConfigurationError) {
        guard batch % microbatches == 0 else {
            throw ConfigurationError(
                key: "microbatches",
                "\(batch) samples of a batch do not divide into \(microbatches) equal microbatches; give a batch that "
                    + "does, and data.last_batch=drop where the end of an epoch has fewer samples")
        }
        do throws(ConfigurationError) {
            let split: Models.Split = self.split == .rows ? .rows : .neurons
            try split.check(network, batch: batch / microbatches, slots: peersPerStage)
        } catch {
            guard self.split == .rows, microbatches > 1 else { throw error }
            throw ConfigurationError(key: error.key, error.message + " (\(microbatches) microbatches of \(batch))")
        }
    }
}
