import Configuration
import Gossip
import Graphs
import Runs
import Testing

@testable import Training

@Suite struct TestTurnsTests {
    /// A server whose vector holds what it is said to.
    private struct Server: Algorithm {
        static var description: Description { Description(name: "server", summary: "", options: []) }
        var steps: [UInt64] = [0, 0]

        init() {}
        init(_ setup: Setup, options: Options) { self.init() }
        mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {}
        func lastStep(of learner: PeerID) -> UInt64 { steps[learner.rawValue] }
    }

    private let schedule = EvaluationSchedule(
        everyEpochs: 1, in: RunLength(shares: [4, 2], epochs: 4, isPacedByShares: true))

    @Test func aLearnerHandsInBetweenItsSteps() {
        var turns = TestTurns(schedule, of: 1, isServer: false, Server())
        #expect(turns.take(nil, Server()) == [])
        #expect((1...8).map { turns.take($0, Server()) } == [[], [4], [], [8], [], [12], [], []])
    }

    @Test func aServerHandsInOnceAllAreAccountedFor() {
        var server = Server()
        var turns = TestTurns(schedule, of: 2, isServer: true, server)
        server.steps = [4, 1]
        #expect(turns.take(nil, server) == [])
        server.steps = [4, 2]
        #expect(turns.take(nil, server) == [4])
        #expect(turns.take(nil, server) == [])
        server.steps = [12, .max]
        #expect(turns.take(nil, server) == [8, 12])
        server.steps = [16, 16]
        #expect(turns.take(nil, server) == [])
    }

    /// What it had handed in before it was saved it does not hand in again.
    @Test func aResumedServerGoesOn() {
        var server = Server()
        server.steps = [9, 5]
        var turns = TestTurns(schedule, of: 2, isServer: true, server)
        server.steps = [12, 6]
        #expect(turns.take(nil, server) == [12])
    }
}
