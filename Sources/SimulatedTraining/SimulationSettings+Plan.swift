import Conditions
public import Configuration
import Gossip
public import Simulator
public import Training
import Vectors

extension SimulationSettings {
    /// The world of an experiment, with its random faults drawn.
    ///
    /// Throws for the first fault that cannot happen, with its place in the list as the key.
    public init(_ plan: TrainingPlan) throws(ConfigurationError) {
        let experiment = plan.experiment
        let horizon = SimulationHorizon(plan)
        let faults = try experiment.faultList()
        let drawn = faults.expanded(
            until: experiment.simulation.healAt.map { Time(nanoseconds: $0.nanoseconds) } ?? horizon.end)
        self.init(
            network: experiment.network, machines: experiment.machines, faults: drawn, seed: experiment.simulationSeed,
            lockStepGraph: Algorithms.keepsStepWithNeighbours(experiment.algorithm.name) ? plan.graph : nil,
            deadline: horizon.deadline(drawn))
    }
}

/// How long a run may take in virtual time.
struct SimulationHorizon {
    /// When the run would be over at the latest if nothing went wrong.
    let end: Time

    init(_ plan: TrainingPlan) {
        let experiment = plan.experiment
        let (simulation, network) = (experiment.simulation, experiment.network)
        let gradient =
            (simulation.computeTraceMilliseconds.max()
                ?? simulation.computeMilliseconds * (1 + 4 * simulation.computeSpread)) / 1000
        let slowest = max(1, experiment.stragglers.values.max() ?? 1)
        let latency = network.latency.meanSeconds * (1 + 4 * network.latency.spread)
        let transfer = network.bitsPerSecond.map { Double(plan.layout.count * 32 + 480) / $0 } ?? 0
        // All-reduce makes two rounds of as many messages as there are peers; nobody sends more in a step.
        let talking = 4 * Double(experiment.peers + 1) * (latency + transfer)
        end = Time(seconds: min(1e8, Double(plan.steps + 2) * (gradient * slowest + talking)))
    }

    /// When whoever is not done has lost his way: long after the end, and after the last fault that ends. Losses that
    /// never end are paid in repetitions, each of some latencies.
    func deadline(_ list: FaultList) -> Time {
        let lastEnd = list.faults.compactMap { $0.window.end ?? $0.window.start }.max() ?? .zero
        let slowness = list.faults.reduce(1.0) { factor, fault in
            if case .slow(_, let slow, _) = fault { max(factor, slow) } else { factor }
        }
        return Time(seconds: min(1e9, 100 * slowness * (end.seconds + 1) + lastEnd.seconds))
    }
}
