import Conditions
public import Configuration
import Gossip
public import Simulator
public import Training
import Vectors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

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

/// How long a run may take in virtual time: what its steps, its messages and its faults cost at the most.
struct SimulationHorizon {
    /// When the run would be over at the latest if nothing went wrong.
    let end: Time
    /// By how much longer messages take, at the most, than they would on a network without losses.
    private let lossFactor: Double

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
        let steps = Double(plan.steps + 2) + Double(plan.stepsBeyond)
        end = Time(seconds: min(1e8, steps * (gradient * slowest + talking)))
        lossFactor = Self.tries(loss: network.loss, messages: steps * Double(plan.nodes * plan.nodes))
    }

    /// How often the least lucky of so many messages is sent: with losses of p, n tries fail with the chance p^n, and a
    /// run in a thousand million may be less lucky still.
    private static func tries(loss: Double, messages: Double) -> Double {
        loss > 0 ? max(1, (log(1e-9 / max(1, messages)) / log(min(loss, 1 - 1e-9))).rounded(.up)) : 1
    }

    /// When whoever is not done has lost his way: long after the end, and after the last fault that ends. Losses that
    /// never end are paid in repetitions, each of some latencies; what slows a peer does so by the product of its
    /// factors.
    func deadline(_ list: FaultList) -> Time {
        let lastEnd = list.faults.compactMap { $0.window.end ?? $0.window.start }.max() ?? .zero
        var slowness: [PeerID: Double] = [:]
        for case .slow(let peer, let factor, _) in list.faults {
            slowness[peer, default: 1] *= max(1, factor)
        }
        let slowest = slowness.values.max() ?? 1
        return Time(seconds: min(1e9, 100 * slowest * lossFactor * (end.seconds + 1) + lastEnd.seconds))
    }
}
