import Bridge
import CMurmur
import Configuration
import Testing

/// Bad input gets one sentence.
struct SimulationRefusalTests {
    private func sentence(_ change: (inout TrialSimulation.World) -> Void) -> String? {
        var world = TrialSimulation.World()
        change(&world)
        do {
            _ = try TrialSimulation(world)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func settingsThatCannotBeNameTheirKey() {
        #expect(sentence { $0.algorithm = "dpsdg" }?.contains("did you mean 'dpsgd'?") == true)
        #expect(sentence { $0.options = #"{"ordre": 1}"# }?.contains("did you mean 'order'?") == true)
        #expect(sentence { $0.topology = "rign" }?.contains("did you mean 'ring'?") == true)
        #expect(sentence { $0.network = #"{"latency_m": 1}"# }?.contains("did you mean 'latency_ms'?") == true)
        #expect(sentence { $0.faults = #"[{"drop": 0.1}, {"crash": 9, "at": "1s"}]"# }?.contains("faults[1]") == true)
        #expect(sentence { $0.faults = "[" }?.contains("JSON") == true)
        #expect(sentence { $0.stragglers = #"{"6": 2}"# }?.contains("peers 0 to 5") == true)
        #expect(sentence { $0.algorithm = "nettorrent" }?.contains("divides the network") == true)
        #expect(sentence { $0.peers = 0 }?.contains("peers") == true)
        #expect(sentence { _ in } == nil)
    }

    @Test func modelsThatDifferNameTheFirstDifference() throws {
        let trial = try TrialSimulation(TrialSimulation.World())
        try trial.add(0)
        let refusal = #expect(throws: TrialSimulation.Refusal.self) { try trial.add(1, rows: 4) }
        #expect(refusal?.description.contains("parameter weight is [2, 2] at peer 0 and [4, 1] at peer 1") == true)
    }

    @Test func modelsThatShareStorageAreRefused() throws {
        var world = TrialSimulation.World()
        world.peers = 2
        let trial = try TrialSimulation(world)
        try trial.add(0)
        try trial.add(0)
        let status = murmur_simulation_run(trial.handle, 0)
        #expect(status == Int32(MURMUR_INVALID.rawValue))
        #expect(String(cString: murmur_last_error()).contains("peers 0 and 1 share parameters"))
    }

    @Test func aRunWantsAllItsLearners() throws {
        let trial = try TrialSimulation(TrialSimulation.World())
        try trial.add(0)
        #expect(murmur_simulation_run(trial.handle, 0) == Int32(MURMUR_INVALID.rawValue))
        #expect(String(cString: murmur_last_error()).contains("1 learners were added, and there are to be 6"))
    }
}
