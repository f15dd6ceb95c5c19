public import Conditions
public import Configuration
import Gossip
import Graphs

extension Experiment {
    /// The seed of the simulated network and machines.
    public var simulationSeed: UInt64 { UInt64(simulation.seed ?? seed) }

    /// The simulated network.
    public var network: NetworkSettings {
        let bandwidth = simulation.bandwidthMegabits
        return NetworkSettings(
            latency: Latency(
                simulation.latency, meanSeconds: simulation.latencyMilliseconds / 1000, spread: simulation.latencySpread
            ),
            bitsPerSecond: bandwidth == 0 ? nil : bandwidth * 1e6, loss: simulation.loss,
            detectionSeconds: simulation.detectionMilliseconds / 1000)
    }

    /// The simulated machines, with the stragglers among them.
    public var machines: MachineSettings {
        let trace = simulation.computeTraceMilliseconds.map { $0 / 1000 }
        let mean = simulation.computeMilliseconds / 1000
        let factors = Dictionary(uniqueKeysWithValues: stragglers.map { (PeerID($0.key), $0.value) })
        return MachineSettings(
            compute: ComputeTime(
                trace.isEmpty ? .normal(meanSeconds: mean, spread: simulation.computeSpread) : .trace(trace),
                factors: factors),
            checkpointSeconds: simulation.checkpointEveryMilliseconds / 1000)
    }

    /// What goes wrong in a simulated run. Random faults are still to be drawn; what lies behind `heal_at` is cut off.
    ///
    /// Throws for the first fault that cannot happen, with its place in the list as the key.
    public func faultList() throws(ConfigurationError) -> FaultList {
        let servers = Algorithms.traits(algorithm.name).servers
        let list = try inSection("simulation") { () throws(ConfigurationError) in
            try FaultList(simulation.faults, learners: peers, servers: servers)
        }
        return simulation.healAt.map { list.healed(at: Time(nanoseconds: $0.nanoseconds)) } ?? list
    }

    /// Whether a peer learns from samples whose classes are in the reverse order.
    package func flipsLabels(of peer: Int) throws(ConfigurationError) -> Bool {
        try faultList().attacks(by: PeerID(peer)).contains { $0.attack == .labelFlip }
    }

    /// What is wrong with the simulated network and machines beyond what the kinds of the keys say.
    package func problemOfSimulation() -> ConfigurationError? {
        if simulation.bandwidthMegabits > 0, simulation.bandwidthMegabits < 0.001 {
            return ConfigurationError(
                key: "simulation.bandwidth_mbit", "give at least 0.001, or 0 for links without a limit")
        }
        let gradient = simulation.computeTraceMilliseconds.max() ?? simulation.computeMilliseconds
        for (peer, factor) in stragglers.sorted(by: { $0.key < $1.key }) where factor * gradient > 1e10 {
            return ConfigurationError(
                key: "stragglers",
                "peer \(peer) would take \(factor * gradient) ms for a gradient; make it at most 10000000000")
        }
        return nil
    }
}
