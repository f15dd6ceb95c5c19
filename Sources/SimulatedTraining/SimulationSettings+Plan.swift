import Conditions
public import Configuration
import Gossip
public import Simulator
public import Training
import Vectors

extension SimulationSettings {
    /// The world of an experiment, with its random faults drawn.
    ///
    /// Throws for the first fault that cannot happen, with its place in the list as the key, and for a run that would
    /// take longer than virtual time counts.
    public init(_ plan: TrainingPlan) throws(ConfigurationError) {
        let experiment = plan.experiment
        let horizon = try SimulationHorizon(plan)
        let faults = try experiment.faultList()
        let drawn = faults.expanded(
            until: experiment.simulation.healAt.map { Time(nanoseconds: $0.nanoseconds) } ?? horizon.end)
        self.init(
            network: experiment.network, machines: experiment.machines, faults: drawn, seed: experiment.simulationSeed,
            lockStepGraph: Algorithms.keepsStepWithNeighbours(experiment.algorithm.name) ? plan.graph : nil)
        let patience = retransmissionSeconds(byteCount: plan.layout.count * 4) ?? 0
        deadline = try horizon.deadline(drawn, patienceSeconds: patience)
    }
}
