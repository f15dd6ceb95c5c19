import Conditions
import Configuration
import Datasets
import Experiments
import Gossip
import Graphs
import Runs
import Simulator
import Testing
import Training

@testable import SimulatedTraining

/// Peers that know only those with whom they have a link: what they hold together, whatever becomes of links and peers.
/// After every event the simulator has asked the same: see `Ledger` and `MessageBook`.
@Suite struct OpenNetworkTests {
    private func plan(_ overrides: [String]) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    /// Eight peers of one number each, who push in every second step.
    private func run(_ seed: Int, doubt: String, faults: String, _ others: [String] = []) throws -> SimulatedRun {
        let settings = [
            "algorithm.name=gosgd", "algorithm.probability=0.5", "model.name=quadratic",
            "model.targets=[[1], [2], [3], [4], [5], [6], [7], [8]]", "optimizer.name=sgd",
            "optimizer.learning_rate=0.05", "steps=150", "topology.name=complete", "seed=\(seed)",
            "simulation.latency=heavy-tailed", "simulation.latency_ms=5", "simulation.detection_ms=30",
            "simulation.doubt_ms=\(doubt)", "simulation.faults=[\(faults)]",
        ]
        let run = try SimulatedRun(plan(settings + others))
        let outcome = try run.run()
        #expect(outcome.violations == [] && outcome.ending == .completed, "seed \(seed)")
        return run
    }

    private func held(_ run: SimulatedRun) -> Double {
        run.survivors.reduce(0) { $0 + run.world.algorithm(of: $1).invariants[0].held }
    }

    private static let partition = "{partition: [[0, 1, 2, 3]], at: 400ms, for: 500ms}"

    /// A partition that ends before the doubt is a delay, and nothing else.
    @Test(arguments: 0..<20) func aPartitionShorterThanTheDoubtIsExact(seed: Int) throws {
        let run = try run(seed, doubt: "60000", faults: Self.partition)
        #expect(run.world.statistics.linkBreaks > 16 && run.world.madeMass == 0 && run.world.lostMass == 0)
        #expect(abs(held(run) - 1) <= 1e-12 && run.survivors.count == 8)
        #expect(run.world.massInFlight.magnitude <= 1e-12 && run.world.undeliveredCount == 0)
        // All have come in, and hold a share.
        for peer in run.learners { #expect(run.world.algorithm(of: peer).invariants[0].held > 0) }
    }

    /// In one that lasts longer what was handled all the same is there twice, and that is all.
    @Test func aPartitionLongerThanTheDoubtMintsWhatWasHandled() throws {
        var minted = 0.0
        for seed in 0..<20 {
            let run = try run(seed, doubt: "20", faults: Self.partition)
            #expect(abs(held(run) - 1 - run.world.madeMass) <= 1e-12)
            minted += run.world.madeMass
        }
        #expect(minted > 0)
    }

    /// Whoever leaves takes nothing with it, a gradient under way or not.
    @Test(arguments: 0..<20) func whoLeavesTakesNothingWithIt(seed: Int) throws {
        let run = try run(
            seed, doubt: "60000",
            faults:
                "{leave: 0, at: 300ms}, {leave: 3, at: \(500 + 40 * seed)ms}, {leave: 5, at: 700ms}, {leave: 6, at: 5s}"
        )
        #expect(run.world.statistics.leaves == 4 && run.survivors.map(\.rawValue) == [1, 2, 4, 7])
        #expect(abs(held(run) - 1) <= 1e-12 && run.world.lostMass == 0 && run.world.madeMass == 0)
    }

    /// With the dead goes what they held and what they had sent; the living hold no more than all did.
    @Test(arguments: 0..<20) func theDeadTakeWhatTheyHeld(seed: Int) throws {
        let run = try run(
            seed, doubt: "60000", faults: "{crash: 2, at: 500ms}, {crash: 7, at: 900ms}, \(Self.partition)")
        #expect(run.survivors.count == 6 && run.world.lostMass > 0)
        #expect(abs(held(run) + run.world.lostMass - 1 - run.world.madeMass) <= 1e-12)
    }

    /// Peers that come later find somebody who gives them a share, though the founder has left.
    @Test(arguments: 0..<10) func joinersComeInByWhoeverIsThere(seed: Int) throws {
        let run = try run(
            seed, doubt: "1000", faults: "{leave: 0, at: 300ms}, {join: 4, at: 600ms}, {join: 5, at: 900ms}",
            ["topology.name=exponential"])
        for peer in [4, 5] { #expect(run.world.algorithm(of: PeerID(peer)).invariants[0].held > 0) }
        #expect(abs(held(run) - 1 - run.world.madeMass) <= 1e-12)
    }

    /// A link that is slow holds up its pushes, and two of them at the most.
    @Test func pushesOnASlowLinkAreFew() throws {
        let slow = ["simulation.latency_ms=2000", "simulation.detection_ms=20000"]
        let paced = try run(1, doubt: "60000", faults: "", slow)
        let other = try run(1, doubt: "60000", faults: "", slow + ["algorithm.under_way=1000"])
        #expect(paced.world.statistics.messages < other.world.statistics.messages / 3)
    }

    /// The battery's worlds meet all of it: links that break, doubts that run out and mint, peers that come and leave.
    @Test func worldsMeetAllOfIt() throws {
        var (breaks, doubts, leaves, crashes, joins) = (0, 0, 0, 0, 0)
        for seed in UInt64(0)..<60 {
            let seen = try Battery.run(Battery.case("gosgd+open", seed: seed)).statistics
            breaks += seen.linkBreaks
            doubts += seen.doubtsOver
            leaves += seen.leaves
            crashes += seen.crashes
            joins += seen.joins
        }
        #expect(breaks > 100 && doubts > 30 && leaves > 20 && crashes > 10 && joins > 5)
    }

    @Test func whatAnOpenNetworkHasNotIsRefused() throws {
        func refusal(_ overrides: [String]) -> String {
            let settings = [
                "algorithm.name=gosgd", "model.name=quadratic", "model.targets=[[1], [2], [3]]", "optimizer.name=sgd",
                "steps=5", "topology.name=complete",
            ]
            do {
                _ = try SimulatedRun(plan(settings + overrides))
                return "none"
            } catch {
                return "\(error)"
            }
        }
        let open = "simulation.doubt_ms=100"
        #expect(refusal([open]) == "none")
        #expect(refusal([open, "algorithm.name=dpsgd"]).contains("algorithm.name"))
        #expect(refusal([open, "simulation.faults=[{crash: 1, at: 1s, restart_after: 1s}]"]).contains("restart_after"))
        #expect(refusal([open, "simulation.faults=[{byzantine: {peer: 1, kind: nan}}]"]).contains("honest"))
        #expect(refusal(["simulation.faults=[{leave: 1, at: 1s}]"]).contains("simulation.doubt_ms"))
        let many = "model.targets=[" + (0..<65).map { "[\($0)]" }.joined(separator: ", ") + "]"
        #expect(refusal([open, many]).contains("at most 63 links"))
    }
}
