package import Configuration

extension Experiment {
    /// What is wrong with the values of several keys together, or with a value beyond what its kind says.
    package func problemTogether() -> ConfigurationError? {
        let allowed: (Character) -> Bool = { $0.isLetter || $0.isNumber || "-_.+".contains($0) }
        guard name.allSatisfy(allowed), name.first != ".", name.utf8.count <= 200 else {
            return ConfigurationError(
                key: "name",
                "'\(excerpt(name))' cannot name a folder; use letters, digits and - _ . + with no dot in front, "
                    + "at most 200 bytes")
        }
        if evaluate.stopAtTarget, evaluate.targetAccuracy == nil {
            return ConfigurationError(
                key: "evaluate.stop_at_target", "give evaluate.target_accuracy, or leave it false")
        }
        if weights != nil, !commonStart {
            return ConfigurationError(
                key: "common_start",
                "all peers start from model.weights; leave common_start true, or leave out model.weights")
        }
        if let peer = stragglers.keys.filter({ $0 >= peers }).min() {
            return ConfigurationError(
                key: "stragglers", "there is no peer \(peer); the peers are 0 to \(peers - 1)")
        }
        return problemOfOpenNetwork() ?? problemOfSimulation()
    }
}
