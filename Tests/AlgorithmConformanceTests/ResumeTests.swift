import Configuration
import Foundation
import Gossip
import Graphs
import Runtime
import Simulator
import Testing
import Vectors

/// N events are k events, the whole world saved, a new world that reads it, and N - k events: for every algorithm that
/// there is, and between any two events.
@Suite struct ResumeTests {
    /// Every algorithm; and where links, rules or trust remember something, too.
    private static let cases =
        (EveryAlgorithmTests.names + ["centralized"]).map { Variant(algorithm: $0) } + [
            Variant(algorithm: "choco", compression: "topk", compressionOptions: ["ratio": .number(0.5)]),
            Variant(algorithm: "dpsgd", compression: "lowrank"),
            Variant(algorithm: "gradient-tracking", compression: "sign"),
            Variant(algorithm: "dpsgd", options: ["aggregation": .text("centred-clipping")]),
            Variant(algorithm: "dpsgd", options: ["trust": .table(["window": .integer(5)])]),
            Variant(algorithm: "gossip-push", options: ["trust": .table([:]), "period": .integer(1)]),
        ]

    /// Peers and graphs to try, the first that the algorithm takes.
    private static let settings = [
        (peers: 4, topology: "ring"), (peers: 4, topology: "complete"), (peers: 2, topology: "complete"),
        (peers: 1, topology: "complete"),
    ]

    /// A simulation for an algorithm, on a network that loses, repeats and reorders.
    private func simulation(_ name: String) throws -> Simulation {
        try simulation(Variant(algorithm: name))
    }

    private func simulation(_ variant: Variant) throws -> Simulation {
        var failure: (any Error)?
        for (peers, topology) in Self.settings {
            var run = variant.run(on: topology)
            run.steps = 8
            run.noise = 0.5
            run.rateFalls = true
            run.seed = 5
            run.network = TestNetwork(latencySeconds: 0.004, jitterSeconds: 0.02, loss: 0.2, duplication: 0.2)
            do {
                return try run.simulation(targets: (0..<peers).map { [Float($0) + 1, Float($0 * $0), -1] })
            } catch {
                failure = error
            }
        }
        throw try #require(failure)
    }

    /// Through bytes and back: what a file would hold.
    private func written(_ state: SimulationState) throws -> SimulationState {
        try JSONDecoder().decode(SimulationState.self, from: JSONEncoder().encode(state))
    }

    private func end(_ simulation: Simulation) -> [[Float]] {
        simulation.run()
        return simulation.models
    }

    @Test(arguments: cases) func betweenAnyTwoEvents(variant: Variant) throws {
        let whole = try simulation(variant)
        whole.start()
        let models = end(whole)
        #expect(whole.statistics.events >= 8)
        #expect(whole.violations == [])
        for count in 0..<whole.statistics.events {
            let first = try simulation(variant)
            first.start()
            while first.statistics.events < count, first.step() {}
            let second = try simulation(variant)
            try second.restore(written(first.state()))
            #expect(end(second) == models, "saved after \(count) events")
            #expect(
                second.statistics.digest == whole.statistics.digest
                    && second.statistics.events == whole.statistics.events && second.now == whole.now)
            #expect(second.violations == [])
            for peer in 0..<second.peerCount {
                #expect(second.statistics(of: PeerID(peer)) == whole.statistics(of: PeerID(peer)))
                #expect(second.isFinished(PeerID(peer)) == whole.isFinished(PeerID(peer)))
            }
        }
    }

    /// To save changes nothing: a world that was saved after every event ends as one that never was.
    @Test(arguments: cases) func savingChangesNothing(variant: Variant) throws {
        let whole = try simulation(variant)
        whole.start()
        let models = end(whole)
        let watched = try simulation(variant)
        watched.start()
        repeat { _ = watched.state() } while watched.step()
        #expect(watched.models == models)
        #expect(watched.statistics.digest == whole.statistics.digest)
    }

    /// A peer dies, what was under way comes back: what is saved in between holds the mass too.
    @Test func withAPeerThatDies() throws {
        func crashed() throws -> Simulation {
            let simulation = try simulation("gosgd")
            simulation.start()
            simulation.run(until: Time(seconds: 0.03))
            simulation.crash(1)
            return simulation
        }
        let whole = try crashed()
        let models = end(whole)
        let first = try crashed()
        while true {
            let second = try simulation("gosgd")
            try second.restore(written(first.state()))
            #expect(end(second) == models)
            #expect(second.violations == [])
            #expect(second.statistics.digest == whole.statistics.digest)
            if !first.step() { break }
        }
    }

    @Test func aStateOfOtherPeersIsRefused() throws {
        let first = try simulation("gosgd")
        first.start()
        let state = first.state()
        let other = try simulation("centralized")
        #expect(throws: StateError.self) { try other.restore(state) }
    }

    /// A run that is to become longer: its algorithms learn of the new end.
    @Test func aResumedRunMayHaveAnotherEnd() throws {
        let first = try simulation("centralized")
        first.start()
        for _ in 0..<3 { _ = first.step() }
        let decoder = JSONDecoder()
        decoder.userInfo[.steps] = ResumedSteps([20])
        let second = try simulation("centralized")
        try second.restore(decoder.decode(SimulationState.self, from: JSONEncoder().encode(first.state())))
        second.run()
        #expect(second.statistics(of: 0).steps == 20)
    }
}
