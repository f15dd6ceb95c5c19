import Bridge
import CMurmur
import Configuration
import Testing

/// The caller's models in virtual time, through the C interface.
struct SimulationTests {
    /// All that may go wrong under an algorithm that lives through crashes for good.
    private static let rough = TrialSimulation.World(
        network: #"{"latency": "heavy-tailed", "latency_ms": 5, "loss": 0.05, "compute_spread": 0.5}"#,
        faults: """
            [{"crash": 3, "at": "150ms"}, {"drop": 0.1, "at": "50ms", "for": "200ms"}, {"duplicate": 0.2},
             {"delay": 0.3, "by": "20ms"}, {"partition": [[0, 1], [2, 3, 4, 5]], "at": "100ms", "for": "100ms"}]
            """,
        stragglers: #"{"1": 3}"#)

    @Test func onePeerIsAPlainLoopToTheBit() throws {
        var world = TrialSimulation.World()
        (world.peers, world.topology, world.steps) = (1, "complete", 25)
        let trial = try TrialSimulation(world)
        try trial.run()
        let alone = CallerModels(peers: 1)
        let learning = alone.learning
        for _ in 0..<25 {
            var batch = murmur_batch()
            _ = learning.gradient(learning.context, 0, nil, &batch)
            _ = learning.step(learning.context, 0, nil)
        }
        #expect(try trial.model(0) == alone.values(0))
        #expect(trial.models.gradientsTaken == 25)
    }

    @Test func theSameSeedGivesTheSameRun() throws {
        let trials = try (0..<2).map { _ in try TrialSimulation(Self.rough) }
        let reports = try trials.map { try $0.run() }
        #expect(reports[0].text == reports[1].text)
        #expect(reports[0].text("ending") == "completed")
        #expect(reports[0].integer("crashes") == 1)
        #expect(try trials[0].allModels() == trials[1].allModels())
    }

    @Test func itComesToTheSameInManyShortRuns() throws {
        let trials = try (0..<2).map { _ in try TrialSimulation(Self.rough) }
        let (whole, pieces) = (try trials[0].run(), try trials[1].run(events: 17))
        #expect(whole.text == pieces.text)
        #expect(try trials[0].allModels() == trials[1].allModels())
    }

    @Test func massIsKeptWhilePeersComeBack() throws {
        let world = TrialSimulation.World(
            algorithm: "gosgd", options: #"{"probability": 0.4}"#, steps: 60, topology: "complete",
            network: #"{"checkpoint_every_ms": 50, "latency_ms": 8}"#,
            faults: #"[{"crash": 2, "at": "100ms", "restart_after": "80ms"}, {"drop": 0.1}]"#)
        let trials = try (0..<2).map { _ in try TrialSimulation(world) }
        let reports = try trials.map { try $0.run() }
        #expect(reports[0].text("ending") == "completed")
        #expect(reports[0].integer("restarts") == 1)
        let numbers = ["weight_mass", "lost_mass", "made_mass"].map { reports[0].number($0) ?? .nan }
        #expect(abs(numbers[0] + numbers[1] - numbers[2] - 1) < 1e-9)
        #expect(reports[0].text == reports[1].text)
        #expect(try trials[0].allModels() == trials[1].allModels())
    }

    @Test func modelsComeTogetherAndBackToTheirTensors() throws {
        var world = TrialSimulation.World()
        world.steps = 200
        let trial = try TrialSimulation(world)
        let report = try trial.run()
        #expect((report.number("consensus_distance") ?? .nan) < 8)
        var mean = [Float](repeating: 0, count: CallerModels.count)
        try TrialSimulation.check(murmur_simulation_consensus(trial.handle, &mean, UInt64(mean.count)))
        // The average of all points that peers are drawn to.
        for (index, number) in mean.enumerated() { #expect(abs(number - (7.5 - Float(index))) < 0.1) }
        try TrialSimulation.check(murmur_simulation_put_models(trial.handle))
        for peer in 0..<6 { #expect(try trial.models.values(peer) == trial.model(peer)) }
    }

    @Test(arguments: [
        "allreduce", "gradient-tracking", "qg-dsgdm", "exact-diffusion", "best-peer", "sgp", "fedavg", "easgd",
    ])
    func algorithmsOfAllKindsRun(_ algorithm: String) throws {
        var world = TrialSimulation.World()
        world.algorithm = algorithm
        let report = try TrialSimulation(world).run()
        #expect(report.text("ending") == "completed", "\(report.text)")
    }

    @Test func whatGoesWrongWithinTheCallersFunctionsIsToldOutside() throws {
        let trial = try TrialSimulation(TrialSimulation.World())
        let handle = trial.handle
        var statuses: [Int32] = []
        trial.models.inGradient = { peer in
            statuses.append(murmur_simulation_run(handle, 1))
            return peer == 4 ? 1 : 0
        }
        let refusal = #expect(throws: TrialSimulation.Refusal.self) { try trial.run() }
        #expect(refusal?.status == Int32(MURMUR_CALLBACK.rawValue))
        #expect(refusal?.description == "the caller's function 'gradient' has failed at peer 4")
        #expect(statuses.allSatisfy { $0 == Int32(MURMUR_OUT_OF_TURN.rawValue) })
    }

    @Test func closingTwiceIsHarmlessAndAClosedOneIsRefused() throws {
        let trial = try TrialSimulation(TrialSimulation.World())
        #expect(murmur_simulation_close(trial.handle) == 0)
        #expect(murmur_simulation_close(trial.handle) == 0)
        #expect(murmur_simulation_run(trial.handle, 0) == Int32(MURMUR_CLOSED.rawValue))
    }
}
