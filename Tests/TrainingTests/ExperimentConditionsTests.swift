import Conditions
import Gossip
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
        #expect(
            throws: ExperimentError(
                .file("x.yaml", line: 2, column: 3), key: "simulation.faults",
                "faults on threads are not in this build; the list must be empty here")
        ) {
            try load("simulation:\n  faults: [{drop: 0.1}]").refuseOnThreads()
        }
        #expect(
            throws: ExperimentError(
                .override("stragglers={0: 4}"), key: "stragglers",
                "slower peers on threads are not in this build; the table must be empty here")
        ) {
            try load("", "stragglers={0: 4}").refuseOnThreads()
        }
    }
}
