import Configuration
import Datasets
import Gossip
import Graphs
import Records
import Runs
import Runtime
import Simulator
import Testing
import Vectors

@testable import Experiments
@testable import SimulatedTraining
@testable import Training

/// One network on many peers, against one peer that has it alone; on threads and in virtual time.
@Suite struct NetTorrentTests {
    private func plan(_ overrides: [String]) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    /// Images of 8 x 8 through convolutions, pooling and a dense layer: five layers with parameters.
    private static let images = [
        "data.name=synthetic", "data.samples=256", "data.size=8", "data.classes=4", "batch=16", "model.name=layers",
        "model.layers=[{conv: 6}, relu, {conv: 8}, relu, {max_pool: 2}, flatten, {dense: 24}, relu, {dense: 12}, relu, "
            + "{dense: 4}]",
        "optimizer.name=momentum", "optimizer.momentum=0.9", "optimizer.learning_rate=0.05",
        "optimizer.weight_decay=0.001", "evaluate.every_epochs=100",
    ]

    private func divided(_ stages: Int, _ slots: Int, _ options: String...) -> [String] {
        ["algorithm.name=nettorrent", "peers=\(stages * slots)", "algorithm.peers_per_stage=\(slots)"]
            + options.map { "algorithm.\($0)" }
    }

    private func onThreads(_ overrides: [String]) throws -> TrainingOutcome {
        try TrainingRun(plan(overrides), metrics: nil).run()
    }

    private func simulated(_ overrides: [String]) throws -> SimulationOutcome {
        try SimulatedRun(plan(overrides)).run()
    }

    private func relative(_ found: Payload, _ wanted: Payload) -> Double {
        let pairs = zip(found.array(), wanted.array()).map { (Double($0), Double($1)) }
        return (pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / pairs.reduce(0) { $0 + $1.1 * $1.1 })
            .squareRoot()
    }

    static let shapes: [(stages: Int, slots: Int, split: String)] = [
        (3, 1, "rows"), (1, 3, "rows"), (1, 2, "neurons"), (2, 2, "rows"), (5, 2, "neurons"), (4, 4, "rows"),
    ]

    /// After fifty steps the model is that of one peer with the same batches, on threads and in virtual time the same
    /// to the bit, by either synchronous schedule.
    @Test(arguments: shapes, ["gpipe", "1f1b"])
    func fiftyStepsAreThoseOfOnePeer(_ shape: (stages: Int, slots: Int, split: String), schedule: String) throws {
        let steps = Self.images + ["steps=50"]
        let alone = try onThreads(steps + ["algorithm.name=centralized", "peers=1"])
        let options = divided(
            shape.stages, shape.slots, "split=\(shape.split)", "schedule=\(schedule)", "microbatches=4")
        let threads = try onThreads(steps + options)
        #expect(relative(threads.model, alone.model) < 1e-4)
        let virtual = try simulated(
            steps + options + ["simulation.latency=heavy-tailed", "simulation.latency_ms=3", "simulation.loss=0.05"])
        #expect(virtual.model.array() == threads.model.array())
        #expect(virtual.violations == [])
        #expect(threads.summary.samplesSeen == 50 * 16)
    }

    /// What a step sends is what docs/algorithms.md says, number for number.
    @Test(arguments: ["gpipe", "asynchronous"]) func aStepSendsWhatThePageSays(_ schedule: String) throws {
        func bytes(_ steps: Int) throws -> [Int] {
            let options = divided(3, 2, "stages=[[0, 1], [2, 3, 4, 5], [6, 7, 8, 9, 10]]", "schedule=\(schedule)")
            let run = try SimulatedRun(plan(Self.images + ["steps=\(steps)"] + options))
            _ = try run.run()
            return (0..<6).map { run.world.statistics(of: PeerID($0)).bytesSent }
        }
        let shape = try plan(Self.images).layout
        // What passes between the stages, for each sample: 6 channels of 6 x 6, then 8 of 2 x 2.
        let between = [6 * 36, 8 * 4]
        let parameters = [6 * 9 + 6, 8 * 6 * 9 + 8, 32 * 24 + 24 + 24 * 12 + 12 + 12 * 4 + 4]
        #expect(shape.count == parameters.reduce(0, +))
        let sums = schedule == "gpipe" ? 1 : 4
        let (short, long) = (try bytes(10), try bytes(30))
        for stage in 0..<3 {
            let forward = stage < 2 ? 8 * between[stage] : 0
            let back = stage > 0 ? 8 * between[stage - 1] : 0
            let wanted = 20 * 4 * (forward + back + sums * parameters[stage])
            for slot in 0..<2 { #expect(long[2 * stage + slot] - short[2 * stage + slot] == wanted) }
        }
    }

    /// The same of what the slots of a stage exchange: sums of a batch-norm by rows; values and their gradients by
    /// neurons, here 24 and 4 numbers a sample on the way forward and 24 on the way back.
    @Test(arguments: [
        ("rows", "[{conv: 6}, batch_norm, relu, flatten, {dense: 4}]", (60 + 12 + 216 * 4 + 4) + 4 * 4 * 6),
        ("neurons", "[flatten, {dense: 24}, relu, {dense: 4}]", 16 * (24 + 4 + 24) / 2),
    ])
    func aStageExchangesWhatThePageSays(_ split: String, layers: String, numbers: Int) throws {
        func bytes(_ steps: Int) throws -> [Int] {
            let options = divided(1, 2, "split=\(split)", "schedule=gpipe")
            let run = try SimulatedRun(plan(Self.images + ["model.layers=\(layers)", "steps=\(steps)"] + options))
            _ = try run.run()
            return (0..<2).map { run.world.statistics(of: PeerID($0)).bytesSent }
        }
        let (short, long) = (try bytes(10), try bytes(30))
        #expect(zip(long, short).allSatisfy { $0 - $1 == 20 * 4 * numbers }, "\(long), \(short)")
    }

    /// Of the k + S - 1 turns of a step a peer is idle in S - 1 by the synchronous schedules, where a turn is as long
    /// in every stage and messages take no time; by the asynchronous one only until the pipeline is full. There a
    /// gradient lacks one update for each stage behind.
    @Test(arguments: [("gpipe", 4), ("1f1b", 4), ("1f1b", 8), ("asynchronous", 4)])
    func aPipelineIdlesAsThePageSays(_ schedule: String, microbatches: Int) throws {
        let row = "[1, 2, 3, 4]"
        let summary = try simulated(
            [
                "model.name=quadratic", "model.targets=[\(row), \(row), \(row), \(row)]", "steps=100",
                "optimizer.name=sgd", "optimizer.learning_rate=0.1", "simulation.latency_ms=0",
                "simulation.bandwidth_mbit=0", "simulation.compute_spread=0",
            ] + divided(4, 1, "schedule=\(schedule)", "microbatches=\(microbatches)")
        ).summary
        let isSynchronous = schedule != "asynchronous"
        let idle = isSynchronous ? 3 / Double(microbatches + 3) : 0
        for peer in try #require(summary.perPeer) {
            #expect(abs(1 - peer.gradientSeconds / peer.trainSeconds - idle) < 0.008)
            #expect(peer.stalenessMax == (isSynchronous ? 0 : 3 - peer.peer))
        }
    }

    /// Peers die, one of each stage in turn: with a synchronous schedule the model stays the same to the bit, and the
    /// asynchronous one learns on.
    @Test(arguments: [0, 3, 5], ["1f1b", "asynchronous"])
    func aDeadPeerIsStoodInFor(_ dead: Int, schedule: String) throws {
        let settings = Self.images + ["steps=60"] + divided(3, 2, "schedule=\(schedule)", "microbatches=2")
        let whole = try simulated(settings)
        let crash = ["simulation.faults=[{at: \(whole.virtualSeconds / 3)s, crash: \(dead)}]"]
        let virtual = try simulated(settings + crash)
        #expect(virtual.violations == [] && virtual.ending == .completed)
        let threads = try onThreads(settings + ["simulation.faults=[{at: 5ms, crash: \(dead)}]"])
        #expect(threads.ending == .completed)
        if schedule == "1f1b" {
            #expect(virtual.model.array() == whole.model.array())
            #expect(threads.model.array() == whole.model.array())
        } else {
            let loss = try #require(whole.summary.testLoss)
            #expect(try #require(virtual.summary.testLoss) < 1.3 * loss + 0.05)
            #expect(try #require(threads.summary.testLoss) < 1.3 * loss + 0.05)
        }
    }

    @Test func aStageThatDiesWholeEndsTheRun() throws {
        let settings = Self.images + ["steps=60"] + divided(3, 2)
        let run = try simulated(settings + ["simulation.faults=[{at: 30ms, crash: 2}, {at: 60ms, crash: 3}]"])
        guard case .abandoned(_, let reason) = run.ending else { return #expect(Bool(false), "\(run.ending)") }
        #expect(reason.hasPrefix("stage 1 has died whole"))
    }

    /// Refused, with the layer where one is to blame.
    @Test(arguments: [
        (["peers=12", "algorithm.peers_per_stage=2"], "6 stages are more than the 5 layers"),
        (
            [
                "peers=2", "algorithm.stages=[[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]", "algorithm.peers_per_stage=1",
                "batch=6",
            ], "microbatches"
        ),
        (["peers=13", "algorithm.peers_per_stage=13", "algorithm.split=neurons"], "layer 0 (conv"),
        (["peers=5", "algorithm.peers_per_stage=5"], "peers_per_stage"),
        (["peers=3", "algorithm.peers_per_stage=2"], "3 peers do not make 1 stage of 2"),
        (["peers=2", "algorithm.stages=[[0, 1], [3]]", "algorithm.peers_per_stage=1"], "layer 2"),
        (["peers=2", "optimizer.clip_norm=1"], "clip_norm"),
    ])
    func badSettingsAreRefused(_ overrides: [String], reason: String) throws {
        let error = #expect(throws: (any Error).self) {
            try self.plan(Self.images + ["algorithm.name=nettorrent"] + overrides)
        }
        #expect(error.map { "\($0)".contains(reason) } == true, "\(error.map { "\($0)" } ?? "")")
    }
}
