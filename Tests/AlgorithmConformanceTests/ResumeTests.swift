import Configuration
import Foundation
import Gossip
import Runtime
import Simulator
import Testing
import Vectors

/// N events are k events, the whole world saved, a new world that reads it, and N - k events: for every algorithm that
/// there is, and between any two events.
@Suite struct ResumeTests {
    private static let names = Algorithms.all.map(\.name)

    /// Peers and graphs to try, the first that the algorithm takes.
    private static let settings = [
        (peers: 4, topology: "ring"), (peers: 4, topology: "complete"), (peers: 2, topology: "complete"),
        (peers: 1, topology: "complete"),
    ]

    /// A harness for an algorithm, on a network that loses, repeats and reorders.
    private func harness(_ name: String) throws -> QuadraticHarness {
        var failure: (any Error)?
        for (peers, topology) in Self.settings {
            var run = QuadraticRun()
            run.algorithm = name
            run.topology = topology
            run.steps = 8
            run.noise = 0.5
            run.seed = 5
            if name == "gosgd" { run.options = Options(["probability": .number(0.6)]) }
            run.network = HarnessNetwork(latencySeconds: 0.004, jitterSeconds: 0.02, loss: 0.2, duplication: 0.2)
            do {
                return try run.harness(targets: (0..<peers).map { [Float($0) + 1, Float($0 * $0), -1] })
            } catch {
                failure = error
            }
        }
        throw try #require(failure)
    }

    /// Through bytes and back: what a file would hold.
    private func written(_ state: HarnessState) throws -> HarnessState {
        try JSONDecoder().decode(HarnessState.self, from: JSONEncoder().encode(state))
    }

    private func end(_ harness: QuadraticHarness) -> [[Float]] {
        harness.run()
        return harness.models
    }

    @Test(arguments: names) func betweenAnyTwoEvents(name: String) throws {
        let whole = try harness(name)
        whole.start()
        let models = end(whole)
        #expect(whole.events >= 8)
        #expect(whole.violations == [])
        for count in 0..<whole.events {
            let first = try harness(name)
            first.start()
            while first.events < count, first.step() {}
            let second = try harness(name)
            try second.restore(written(first.state()))
            #expect(end(second) == models, "saved after \(count) events")
            #expect(second.digest == whole.digest && second.events == whole.events && second.now == whole.now)
            #expect(second.violations == [])
            for peer in 0..<second.peerCount {
                #expect(second.statistics(of: PeerID(peer)) == whole.statistics(of: PeerID(peer)))
                #expect(second.isFinished(PeerID(peer)) == whole.isFinished(PeerID(peer)))
            }
        }
    }

    /// To save changes nothing: a world that was saved after every event ends as one that never was.
    @Test(arguments: names) func savingChangesNothing(name: String) throws {
        let whole = try harness(name)
        whole.start()
        let models = end(whole)
        let watched = try harness(name)
        watched.start()
        repeat { _ = watched.state() } while watched.step()
        #expect(watched.models == models)
        #expect(watched.digest == whole.digest)
    }

    /// A peer dies, what was under way comes back: what is saved in between holds the mass too.
    @Test func withAPeerThatDies() throws {
        func crashed() throws -> QuadraticHarness {
            let harness = try harness("gosgd")
            harness.start()
            harness.run(until: Time(seconds: 0.03))
            harness.crash(1, detection: 0.02)
            return harness
        }
        let whole = try crashed()
        let models = end(whole)
        let first = try crashed()
        while true {
            let second = try harness("gosgd")
            try second.restore(written(first.state()))
            #expect(end(second) == models)
            #expect(second.violations == [])
            #expect(second.digest == whole.digest)
            if !first.step() { break }
        }
    }

    @Test func aStateOfOtherPeersIsRefused() throws {
        let first = try harness("gosgd")
        first.start()
        let state = first.state()
        let other = try harness("centralized")
        #expect(throws: StateError.self) { try other.restore(state) }
    }

    /// A run that is to become longer: its algorithms learn of the new end.
    @Test func aResumedRunMayHaveAnotherEnd() throws {
        let first = try harness("centralized")
        first.start()
        for _ in 0..<3 { _ = first.step() }
        let decoder = JSONDecoder()
        decoder.userInfo[.steps] = UInt64(20)
        let second = try harness("centralized")
        try second.restore(decoder.decode(HarnessState.self, from: JSONEncoder().encode(first.state())))
        second.run()
        #expect(second.statistics(of: 0).steps == 20)
    }
}
