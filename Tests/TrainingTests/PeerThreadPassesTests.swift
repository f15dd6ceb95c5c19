import Checkpoints
import Dispatch
import Foundation
import Gossip
import Graphs
import Runtime
import Synchronization
import TestKit
import Testing
import Vectors

@testable import Training

/// Passes through a divided network on threads.
@Suite struct PeerThreadPassesTests {
    private static let models: [[Float]] = [[0.5, -0.25], [0.75, 1.5]]
    private static let steps: UInt64 = 4
    private let expected = Relay.models(after: steps, from: models, rate: 0.1)

    /// As the plain loop, and so as in virtual time (`SimulatorTests`).
    @Test func twoStagesLearnAsThePlainLoopDoes() throws {
        let relay = try RelayOnThreads(steps: Self.steps, models: Self.models)
        relay.waitUntilQuiet()
        #expect(relay.isOver && relay.end() == expected)
        let (first, second) = (relay.progress[0], relay.progress[1])
        #expect(first.statistics.steps == 4 && second.statistics.steps == 4)
        #expect(first.statistics.samples == 0 && second.statistics.samples == 16)
        // Whoever saw no samples has no loss to tell.
        #expect(first.spans.isEmpty && second.spans.map(\.step) == [1, 2, 3, 4])
        #expect(second.spans.allSatisfy { $0.accuracy == 0.5 && $0.loss > 0 })
        #expect(second.spans.map(\.samples) == [4, 8, 12, 16])
        #expect(relay.peers.allSatisfy { $0.compute.gradientSeconds > 0 })
        // Two stretches of each pass; the clock of training goes on from each to the next.
        let spans = relay.peers.map { peer in peer.progress.withLock { $0.timeline?.take() ?? [] } }
        for own in spans {
            #expect(own.count == 16 && own.allSatisfy { $0.begin <= $0.end })
            #expect(zip(own, own.dropFirst()).allSatisfy { $0.end <= $1.begin })
        }
        #expect(spans[0].count(where: \.isBackward) == 8 && spans[1].allSatisfy { !$0.isBackward })
        #expect(second.updateSeconds > 0 && first.divergedAt == nil && second.divergedAt == nil)
    }

    /// Whatever the peer has just computed, a stop with parts or an end with a gradient, is held back and saved; and
    /// another life goes on with it.
    @Test(arguments: 0..<2, 1...16) func whatIsComputedAtRestIsHandledLater(peer: Int, computed: Int) throws {
        let first = try RelayOnThreads(steps: Self.steps, models: Self.models, rest: (peer, computed))
        first.waitUntilQuiet()
        #expect(!first.isOver)
        let saved = first.peers.map { $0.savedState() }
        let held = try #require(saved[peer].words.pass)
        #expect(saved[peer].words.node.computedPass == held.pass)
        #expect(saved[peer].words.holdsGradient == (held.stop == nil))
        // Three requests make a pass of stage 1, two one of stage 0.
        if peer == 1 { #expect((held.stop == nil) == (computed % 3 == 0)) }
        #expect(try JSONDecoder().decode(HeldPass.self, from: JSONEncoder().encode(held)).pass == held.pass)
        try held.check(nodes: 2)
        _ = first.end()

        let second = try RelayOnThreads(steps: Self.steps, models: Self.models, from: saved)
        second.waitUntilQuiet()
        #expect(second.isOver && second.end() == expected)
        #expect(second.progress[1].statistics.samples == 16)
    }

    /// Peers that wait for each other rest after the same step: nobody goes on while another has yet to come there.
    @Test func peersInLockStepRestAfterTheSameStep() throws {
        let first = try RelayOnThreads(steps: Self.steps, models: Self.models, isLockStep: true, restAfter: 2)
        first.waitUntilQuiet()
        let saved = first.peers.map { $0.savedState() }
        #expect(saved.map(\.words.node.steps) == [2, 2])
        _ = first.end()
        let second = try RelayOnThreads(steps: Self.steps, models: Self.models, from: saved)
        second.waitUntilQuiet()
        #expect(second.end() == expected)
    }

    @Test func aLossThatIsNoNumberIsTold() throws {
        let relay = try RelayOnThreads(steps: 2, models: [[0.5, 1], [.infinity, 1]])
        relay.waitUntilQuiet()
        _ = relay.end()
        #expect(relay.progress[1].divergedAt == 1 && relay.progress[0].divergedAt == nil)
    }

    /// A part that is not there, and counts that no pass has.
    @Test func aHeldPassWithoutItsPartsIsRefused() throws {
        let relay = try RelayOnThreads(steps: Self.steps, models: Self.models, rest: (0, 1))
        relay.waitUntilQuiet()
        let saved = relay.peers[0].savedState()
        _ = relay.end()
        var numbers = saved.numbers
        numbers.vectors["pending.0"] = nil
        #expect(throws: StateError("there is no vector 'pending.0'")) { try saved.words.held(numbers) }
        let json =
            #"{"pass":{"microbatch":0,"slot":0},"parts":3,"stop":1,"microbatchSamples":0,"#
            + #""gradient":{"loss":0,"correct":0,"samples":0}}"#
        let held = try JSONDecoder().decode(HeldPass.self, from: Data(json.utf8))
        #expect(throws: StateError.self) { try held.check(nodes: 2) }
        try held.check(nodes: 3)
    }

    /// A dropped pass is forgotten by the time that anybody looks, or computes.
    @Test func aDroppedPassIsForgotten() throws {
        let (clock, told) = (RunClock(), DispatchSemaphore(value: 0))
        let compute = ComputeThread(RelayLearner(stage: 0), pool: PayloadPool(), stopwatch: Stopwatch(clock))
        try compute.start(peer: 0, gate: Gate(), waker: Waker { _ in told.signal() })
        let passes = (0..<2).map { Pass(microbatch: UInt64($0), slot: 0) }
        for pass in passes {
            compute.begin(PassRequest(beginning: pass, at: Payload([1, 2])))
            told.wait()
        }
        #expect(compute.state().numbers.words.count == 2)
        compute.drop(passes[0])
        #expect(compute.state().numbers.words == ["learner.pass0": [1, 0]])
        compute.end()
    }
}
