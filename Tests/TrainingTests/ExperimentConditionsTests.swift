import Conditions
import Experiments
import Gossip
import Graphs
import Testing
import Training

@Suite struct ExperimentConditionsTests {
    @Test func defaultsAreAPlainNetwork() throws {
        let experiment = try load("seed: 4").experiment
        #expect(experiment.simulationSeed == 4)
        #expect(
            experiment.network
                == NetworkSettings(
                    latency: Latency(.constant, meanSeconds: 0.001, spread: 0.5), bitsPerSecond: 1e9, loss: 0,
                    detectionSeconds: 0.1))
        #expect(
            experiment.machines
                == MachineSettings(compute: ComputeTime(.normal(meanSeconds: 0.01, spread: 0.1)), checkpointSeconds: 1))
    }

    @Test func everyKeyFindsItsPlace() throws {
        let experiment = try load(
            """
            stragglers: {1: 4}
            simulation:
              seed: 9
              latency: heavy-tailed
              latency_ms: 20
              latency_spread: 1
              bandwidth_mbit: 0
              loss: 0.25
              detection_ms: 500
              compute_trace_ms: [10, 30]
              checkpoint_every_ms: 250
            """
        ).experiment
        #expect(experiment.simulationSeed == 9)
        #expect(
            experiment.network
                == NetworkSettings(
                    latency: Latency(.heavyTailed, meanSeconds: 0.02, spread: 1), bitsPerSecond: nil, loss: 0.25,
                    detectionSeconds: 0.5))
        #expect(
            experiment.machines
                == MachineSettings(
                    compute: ComputeTime(.trace([0.01, 0.03]), factors: [1: 4]), checkpointSeconds: 0.25))
    }

    @Test func whatCannotBeSimulatedIsRefused() {
        #expect(
            complaint("simulation: {latency: pareto}")
                == "x.yaml:1:14: simulation.latency: pareto is not one of constant, normal, heavy-tailed")
        #expect(
            complaint("simulation: {bandwidth_mbit: 1e-9}")
                == "x.yaml:1:14: simulation.bandwidth_mbit: give at least 0.001, or 0 for links without a limit")
        #expect(
            complaint("simulation: {compute_trace_ms: [1, -2]}")
                == "x.yaml:1:14: simulation.compute_trace_ms: [1, -2] is not a list whose items are each "
                + "a number from 0 to 10000000000")
        #expect(
            complaint("simulation: {heal_at: soon}")
                == "x.yaml:1:14: simulation.heal_at: soon is not a time such as 2s or 500ms, from 0s to 1000000000s, "
                + "or null")
        #expect(
            complaint("stragglers: {0: 1e12}")
                == "x.yaml:1:1: stragglers: peer 0 would take 10000000000000.0 ms for a gradient; "
                + "make it at most 10000000000")
    }

    @Test func threadsRefuseWhatOnlyTheSimulatorDoes() throws {
        try load("simulation: {loss: 0.5, latency_ms: 100}").refuseOnThreads()
        try load("", "stragglers={0: 4}").refuseOnThreads()
        try load(
            """
            simulation:
              faults:
              - {drop: 0.1}
              - {duplicate: 0.1}
              - {reorder: 0.1}
              - {delay: 0.1, by: 10ms}
              - {corrupt: 0.1}
              - {cut: {from: 0, to: 1}, for: 1s}
              - {partition: [[0, 1]], for: 1s}
              - {pause: 1, for: 1s}
              - {crash: 2, at: 1s}
              - {slow: {peer: 3, factor: 8}}
              - {random: {seed: 1, per_hour: 60, kinds: [drop, slow]}, for: 1h}
            """
        ).refuseOnThreads()
        func complaint(_ faults: String) -> String? {
            do {
                try load("simulation:\n  faults:\n  - {drop: 0.1}\n  - \(faults)").refuseOnThreads()
                return nil
            } catch {
                return "\(error)"
            }
        }
        let remedy = "leave it out, or have 'murmur simulate' run the list"
        let place = "x.yaml:4:5: simulation.faults[1]: "
        let overProcesses = #expect(throws: ExperimentError.self) {
            try load("simulation:\n  faults:\n  - {crash: 1, at: 1s}", "transport.name=mpi").refuseOnThreads()
        }
        #expect(
            overProcesses?.description == "x.yaml:3:5: simulation.faults[0]: over MPI peers die with their rank alone; "
                + remedy)
        #expect(
            complaint("{crash: 1, at: 1s, restart_after: 1s}")
                == place + "a peer that comes back is not in this build on threads; leave restart_after out, or "
                + remedy)
        #expect(
            complaint("{clock: {peer: 1, by: 1s}, at: 1s}") == place + "the peers on threads share one clock; \(remedy)"
        )
        #expect(
            complaint("{random: {seed: 1, per_hour: 60}, for: 1h}")
                == place + "'crash' is not drawn on threads; give kinds: [drop, duplicate, reorder, delay, corrupt, "
                + "cut, partition, pause, slow] or some of them")
        #expect(
            complaint("{random: {seed: 1, per_hour: 60, kinds: [drop]}}")
                == place + "a run on threads has no end that is known before; give 'for', or simulation.heal_at")
    }
}
