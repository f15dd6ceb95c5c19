package import Conditions
package import Configuration
import Experiments
package import Gossip
import Graphs
import Workloads

/// Peers that a fault list makes byzantine.
extension TrainingPlan {
    /// A peer's algorithm under faults that are drawn already.
    package func algorithm(_ peer: Int, under faults: FaultList) throws(ConfigurationError) -> any Algorithm {
        let honest = try algorithm(peer)
        let attacks = faults.attacks(by: PeerID(peer))
        guard attacks.contains(where: { $0.attack != .labelFlip }) else { return honest }
        return Attacked(
            honest, try setup(peer), attacks, byzantinePeers: faults.byzantinePeers, isLockStep: isLockStep)
    }

    /// Throws for the first attack that is none on this algorithm, or on what is learned.
    static func checkAttacks(_ experiment: Experiment, _ workload: any Workload) throws(ConfigurationError) {
        let traits = Algorithms.traits(experiment.algorithm.name, options: experiment.algorithm.options)
        for (index, fault) in try experiment.faultList().faults.enumerated() {
            guard case .byzantine(_, let attack, _) = fault,
                let problem = problem(attack, traits, experiment.algorithm, workload)
            else { continue }
            throw ConfigurationError(key: "simulation.faults[\(index)]", problem)
        }
    }

    private static func problem(
        _ attack: Attack, _ traits: Traits, _ choice: Experiment.Choice, _ workload: any Workload
    ) -> String? {
        let algorithm = choice.name
        if traits.division != nil {
            return "\(algorithm) divides one network among its peers, who are honest in this build; leave it out"
        }
        if traits.sendsProducts, attack.needsModelsOfOthers {
            return "this attack is made of models heard from neighbours, and \(algorithm) sends products; take "
                + "another kind, or an algorithm such as dpsgd"
        }
        switch attack {
        case .labelFlip where !workload.hasAccuracy:
            return "label-flip needs samples of classes, and this model learns from none; take another kind"
        case .slander where choice.options.values["trust"] ?? .null == .null:
            return "slander is what byzantine peers say of others, and nobody listens here; set algorithm.trust"
        case .dissensus where traits.graphUse != .weights:
            return "dissensus goes by the weights that neighbours put on each other's models, and \(algorithm) has "
                + "none; take another kind, or an algorithm such as dpsgd"
        case .alie where traits.graphUse == .none, .ipm where traits.graphUse == .none:
            return "alie and ipm are made of models heard from neighbours, and under \(algorithm) none come; take "
                + "another kind, or an algorithm such as dpsgd"
        default: return nil
        }
    }
}
