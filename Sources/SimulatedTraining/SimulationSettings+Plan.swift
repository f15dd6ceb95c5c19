import Conditions
public import Configuration
import Experiments
import Gossip
public import Runs
public import Simulator
import Vectors
import Workloads

extension SimulationSettings {
    /// Random faults of a run: some hundred megabytes.
    private static let drawnLimit = 1e6

    /// The world of an experiment, with its random faults drawn.
    ///
    /// Throws for the first fault that cannot happen, with its place in the list as the key, and for a run that would
    /// take longer than virtual time counts.
    public init(_ plan: TrainingPlan) throws(ConfigurationError) {
        let experiment = plan.experiment
        let horizon = try SimulationHorizon(plan)
        let faults = try experiment.faultList()
        let wanted = experiment.simulation.healAt.map { Time(nanoseconds: $0.nanoseconds) } ?? horizon.end
        // As far as a run may well get, and not for the years until everything heals.
        let end = min(wanted, Time(seconds: 10 * (horizon.end.seconds + 1)))
        let count = faults.expectedCount(until: end)
        guard count <= Self.drawnLimit else {
            throw ConfigurationError(
                key: "simulation.faults",
                "some \(count.rounded()) random faults would be drawn for \(end.seconds) s; make it at most "
                    + "\(Self.drawnLimit) by a smaller per_hour or an earlier heal_at")
        }
        let drawn = faults.expanded(until: end)
        let traits = Algorithms.traits(experiment.algorithm.name, options: experiment.algorithm.options)
        self.init(
            network: experiment.network, machines: experiment.machines, faults: drawn, seed: experiment.simulationSeed,
            lockStepGraph: traits.keepsStepWithNeighbours ? plan.graph : nil)
        let patience = retransmissionSeconds(byteCount: plan.workload.largestMessage * 4) ?? 0
        deadline = try horizon.deadline(drawn, patienceSeconds: patience)
    }
}
