import Datasets
import Experiments
import Gossip
import Graphs
import Records
import Runs
import Simulator
import Testing
import Training

@testable import SimulatedTraining

/// Peers that judge their neighbours, among byzantine ones.
@Suite struct TrustedRunTests {
    private static let common = [
        "model.name=quadratic", "model.noise=0.5", "model.curvature=1", "optimizer.name=sgd",
        "optimizer.learning_rate=0.05", "steps=100", "algorithm.trust={}",
    ]

    private static func targets(_ peers: Int) -> String {
        func target(_ peer: Int, _ place: Int) -> Double {
            let draw = (peer * 7 + place * 3) % 11
            return Double(draw) / 5 + 4
        }
        let rows: [[Double]] = (0..<peers).map { peer in (0..<20).map { target(peer, $0) } }
        return "model.targets=\(rows)"
    }

    private func plan(_ settings: [String], peers: Int) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(
            file: nil, overrides: Self.common + [Self.targets(peers)] + settings, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    /// The trust of each honest peer in each neighbour, after the run.
    private func standings(_ run: SimulatedRun, byzantine: Set<Int>) -> [(isByzantine: Bool, trust: Double)] {
        run.survivors.filter { !byzantine.contains($0.rawValue) }.flatMap { peer in
            run.world.algorithm(of: peer).trustInNeighbours.map { (byzantine.contains($0.peer.rawValue), $0.trust) }
        }
    }

    /// The chance that a byzantine neighbour is trusted less than an honest one.
    private func areaUnderROC(_ standings: [(isByzantine: Bool, trust: Double)]) -> Double {
        let (bad, good) = (standings.filter(\.isByzantine), standings.filter { !$0.isByzantine })
        let wins = bad.reduce(0.0) { sum, one in
            sum + good.reduce(0.0) { $0 + ($1.trust > one.trust ? 1 : $1.trust == one.trust ? 0.5 : 0) }
        }
        return wins / Double(bad.count * good.count)
    }

    static let kinds = ["nan", "scale", "sign-flip", "replay", "noise", "free-rider", "ipm"]

    @Test(arguments: kinds, ["dpsgd", "cdsgd", "cdmsgd", "qg-dsgdm"])
    func byzantinePeersAreTrustedLess(kind: String, algorithm: String) throws {
        try expectAreaUnderROC(atLeast: 0.99, kind, algorithm)
    }

    /// Where nobody waits, models drift as far apart as noise or a small mean is away, and trust tells them apart less.
    @Test(arguments: kinds, ["gossip-pull", "gossip-push"])
    func byzantinePartnersAreTrustedLess(kind: String, algorithm: String) throws {
        let isPlain = ["nan", "scale", "replay"].contains(kind)
        try expectAreaUnderROC(atLeast: isPlain ? 0.99 : 0.85, kind, algorithm)
    }

    private func expectAreaUnderROC(atLeast least: Double, _ kind: String, _ algorithm: String) throws {
        let byzantine: Set<Int> = [1, 6]
        let faults = byzantine.sorted().map { "{byzantine: {peer: \($0), kind: \(kind)}}" }.joined(separator: ", ")
        let plan = try plan(
            [
                "algorithm.name=\(algorithm)", "topology.name=complete", "simulation.loss=0.05",
                "simulation.faults=[\(faults), {crash: 8, at: 200ms}]",
            ] + (algorithm.contains("gossip") ? ["steps=200"] : []), peers: 10)
        let run = try SimulatedRun(plan)
        let outcome = try run.run()
        #expect(outcome.violations.isEmpty)
        #expect(areaUnderROC(standings(run, byzantine: byzantine)) >= least)
    }

    /// Who slanders honest peers takes next to nothing of the trust that they have in each other.
    @Test(arguments: ["dpsgd", "qg-dsgdm", "gossip-pull", "gossip-push"])
    func slanderGainsNothing(algorithm: String) throws {
        func trust(_ faults: String) throws -> [[TrustStanding]] {
            let plan = try plan(
                ["algorithm.name=\(algorithm)", "topology.name=complete", "simulation.faults=[\(faults)]"], peers: 10)
            let run = try SimulatedRun(plan)
            _ = try run.run()
            return run.survivors.map { run.world.algorithm(of: $0).trustInNeighbours }
        }
        let calm = try trust("")
        let slandered = try trust("{byzantine: {peer: 1, kind: slander}}, {byzantine: {peer: 6, kind: slander}}")
        for (peer, standings) in zip(calm, slandered).enumerated() where ![1, 6].contains(peer) {
            for (one, other) in zip(standings.0, standings.1) where ![1, 6].contains(one.peer.rawValue) {
                #expect(other.firstRest == nil)
                #expect(other.trust >= 0.9 * one.trust, "\(peer) in \(one.peer)")
            }
        }
    }

    @Test func slanderNeedsSomebodyWhoListens() {
        #expect(throws: ExperimentError.self) {
            try plan(
                [
                    "algorithm.name=dpsgd", "algorithm.trust=null",
                    "simulation.faults=[{byzantine: {peer: 1, kind: slander}}]",
                ], peers: 4)
        }
    }

    /// Keys that an algorithm cannot have are refused with the reason and what to do.
    @Test(arguments: [
        ("allreduce", "has no neighbours"), ("gosgd", "a mass that must add up"), ("d2", "needs the weights"),
        ("dpsgd", "dpsgd needs a symmetric mixing matrix"),
    ]) func whatCannotTrustIsRefused(algorithm: String, reason: String) {
        let error = #expect(throws: (any Error).self) {
            try plan(["algorithm.name=\(algorithm)", "topology.name=one-peer-exponential"], peers: 4)
        }
        #expect("\(error as Any)".contains(reason))
    }

    /// Free riders and those with wrong labels do no good, whatever their distance.
    @Test(arguments: ["free-rider", "label-flip"]) func theUselessAreTrustedLess(kind: String) throws {
        let byzantine: Set<Int> = [1, 6]
        let faults = byzantine.sorted().map { "{byzantine: {peer: \($0), kind: \(kind)}}" }.joined(separator: ", ")
        let loaded = try LoadedExperiment(
            file: nil,
            overrides: [
                "data.name=synthetic", "data.samples=1600", "data.size=8", "data.noise=1.0",
                "data.validation_samples=200", "model.name=softmax", "batch=16", "steps=100", "peers=8",
                "algorithm.name=dpsgd", "algorithm.trust={aspects: [useful], window: 50, forgetting: 1.0}",
                "topology.name=complete", "optimizer.name=sgd", "optimizer.learning_rate=0.1", "common_start=true",
                "simulation.faults=[\(faults)]",
            ], registries: .all)
        let run = try SimulatedRun(TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil)))
        _ = try run.run()
        #expect(areaUnderROC(standings(run, byzantine: byzantine)) >= 0.95)
    }

    /// Honest peers do not isolate each other, however slow one of them is.
    @Test(arguments: ["dpsgd", "gossip-pull", "gossip-push"])
    func aStragglerIsNotIsolated(algorithm: String) throws {
        let plan = try plan(
            ["algorithm.name=\(algorithm)", "topology.name=complete", "stragglers={3: 4}", "steps=200"], peers: 8)
        let run = try SimulatedRun(plan)
        _ = try run.run()
        for peer in run.survivors {
            for standing in run.world.algorithm(of: peer).trustInNeighbours {
                #expect(standing.firstRest == nil, "\(peer) has isolated \(standing.peer)")
            }
        }
    }

    /// Where lateness is judged, the straggler is what is late, and not those who waited for it.
    @Test func onlyTheStragglerIsLate() throws {
        let plan = try plan(
            [
                "algorithm.name=dpsgd", "topology.name=ring", "stragglers={3: 8}", "steps=60",
                "algorithm.trust={aspects: [in-time], rest: 1000}",
            ], peers: 8)
        let run = try SimulatedRun(plan)
        _ = try run.run()
        // An edge rests at both its ends.
        for peer in run.survivors where peer.rawValue != 3 {
            for standing in run.world.algorithm(of: peer).trustInNeighbours where standing.peer.rawValue != 3 {
                #expect(standing.firstRest == nil, "\(peer) has isolated \(standing.peer)")
            }
        }
    }

    @Test(arguments: ["dpsgd", "cdsgd", "cdmsgd", "qg-dsgdm"])
    func threadsComeToTheSameBits(algorithm: String) throws {
        let settings = ["algorithm.name=\(algorithm)", "topology.name=ring"]
        let simulated = try SimulatedRun(plan(settings + ["simulation.loss=0.1"], peers: 6)).run().summary
        let threads = try TrainingRun(plan(settings, peers: 6), metrics: nil).run().summary
        #expect(simulated.models != nil)
        #expect(simulated.models == threads.models)
    }

    /// Weights are symmetric: whatever peers make of each other, the mean of their models stays.
    @Test(arguments: ["ring", "torus", "star", "complete"]) func theMeanStays(topology: String) throws {
        let starts = "model.start=\((0..<9).map { peer in (0..<20).map { Double((peer * 5 + $0) % 7) } })"
        let plan = try plan(
            ["algorithm.name=dpsgd", "topology.name=\(topology)", "model.curvature=0", "model.noise=0", starts],
            peers: 9)
        let models = try #require(try SimulatedRun(plan).run().summary.models)
        for number in 0..<20 {
            let begin = (0..<9).map { Double(($0 * 5 + number) % 7) }.reduce(0, +)
            #expect(abs(models.map { $0[number] }.reduce(0, +) - begin) < 1e-4)
        }
    }
}
