import Conditions
import Configuration
import Gossip
import Graphs
import Runtime
import TestKit
import Testing

@testable import Simulator

/// What becomes of frames: peer 0 speaks, peer 1 listens.
@Suite struct NetworkTests {
    private func spoken(
        _ plan: WorldPlan, messages: UInt64 = 40, everySeconds gap: Double = 0.005, peers: Int = 2
    ) throws -> (world: Simulation, log: EventLog) {
        let log = EventLog()
        let listeners = [Script](repeating: .listener, count: peers - 1)
        let world = try plan.world([Script.speaker(messages, to: 1, everySeconds: gap)] + listeners, log)
        world.start()
        world.runToEnd()
        #expect(world.violations == [])
        #expect(world.undeliveredCount == 0)
        return (world, log)
    }

    private func plan(_ faults: Fault..., network: NetworkSettings = NetworkSettings()) -> WorldPlan {
        WorldPlan(network: network, faults: faults)
    }

    /// When messages come that nothing holds up.
    private static let undisturbed = (0..<40).map { Double($0 * 5 + 1) }

    @Test func aConstantLatencyIsKept() throws {
        let (_, log) = try spoken(plan(), messages: 3)
        #expect(log.received(by: 1).map(\.milliseconds) == [1, 6, 11])
    }

    /// 8 bytes of model in a frame of some more: frames on one link follow each other at its rate, links do not share.
    @Test func framesQueueOnALinkOfLimitedBandwidth() throws {
        var plan = plan()
        plan.network.bitsPerSecond = 8000
        let log = EventLog()
        let both = Script { _, event, _, effects in
            guard event == .start else { return }
            for (id, peer) in [1, 1, 1, 2].enumerated() {
                effects.send(.model, metadata: Metadata(round: UInt64(id)), to: PeerID(peer))
            }
            effects.finish()
        }
        let world = try plan.world([both, Script.listener, Script.listener], log)
        world.start()
        world.runToEnd()
        let times = log.received(by: 1).map(\.milliseconds)
        let frame = times[0] - 1
        #expect(frame > 8 && frame < 100)
        for index in 1..<3 { #expect(abs(times[index] - times[index - 1] - frame) < 1e-3) }
        #expect(log.received(by: 2).map(\.milliseconds) == [times[0]])
    }

    @Test func lostFramesAreRepeated() throws {
        var plan = plan()
        plan.network.loss = 0.4
        let (world, log) = try spoken(plan)
        #expect(log.rounds(to: 1) == Array(1...40))
        #expect(world.statistics.dropped > 20)
    }

    @Test func droppedFramesAreRepeated() throws {
        let (world, log) = try spoken(plan(.drop(0.4, TimeWindow(0, 150))))
        #expect(log.rounds(to: 1) == Array(1...40))
        #expect(world.statistics.dropped > 5)
        // Nothing is dropped behind the window.
        let quiet = log.received(by: 1).filter { $0.milliseconds > 175 }
        for (round, milliseconds) in quiet { #expect(milliseconds == Double(round - 1) * 5 + 1) }
    }

    @Test func repeatedFramesAreHandledOnce() throws {
        let (world, log) = try spoken(plan(.duplicate(0.5, TimeWindow())))
        #expect(log.rounds(to: 1) == Array(1...40))
        #expect(world.statistics.duplicated > 20)
        #expect(world.statistics.delivered > 50)
    }

    @Test func overtakingFramesAreHandledInOrder() throws {
        let (_, log) = try spoken(plan(.reorder(0.5, TimeWindow())))
        let received = log.received(by: 1)
        #expect(received.map(\.round) == Array(1...40))
        // A frame that was held back let later ones wait: they are handled at the same moment.
        #expect(zip(received, received.dropFirst()).contains { $0.milliseconds == $1.milliseconds })
    }

    @Test func delayedFramesComeLater() throws {
        let (_, log) = try spoken(plan(.delay(1, by: TimeSpan(nanoseconds: 50_000_000), TimeWindow())))
        #expect(log.received(by: 1).first?.milliseconds == 51)
    }

    @Test func flippedBitsAreFoundAndTheFrameIsSentAgain() throws {
        let (world, log) = try spoken(plan(.corrupt(0.4, TimeWindow())))
        #expect(log.rounds(to: 1) == Array(1...40))
        #expect(world.statistics.corrupted > 10)
        // Messages and acknowledgements alike are corrupted, and dropped where the flips did not undo each other.
        #expect(world.statistics.dropped > 5 && world.statistics.dropped < world.statistics.corrupted)
        #expect(world.values(of: .model, peer: 1) == [1, 2])
    }

    @Test func aCutStopsOneDirection() throws {
        let (_, log) = try spoken(plan(.cut(from: 0, to: 1, TimeWindow(20, 100))))
        let received = log.received(by: 1)
        #expect(received.map(\.round) == Array(1...40))
        #expect(!received.contains { (22..<100).contains($0.milliseconds) })
        // The other way the messages come, and it is their acknowledgements that are missing.
        let (world, back) = try spoken(plan(.cut(from: 1, to: 0, TimeWindow(20, 100))))
        #expect(back.received(by: 1).map(\.milliseconds) == Self.undisturbed)
        #expect(world.statistics.dropped == 0 && world.statistics.messages > 60)
        let known = back.milliseconds(of: 0) { if case .delivered = $0 { true } else { false } }
        #expect(known.count == 40 && !known.contains { (22..<100).contains($0) })
    }

    @Test func aPartitionSeparatesUntilItHeals() throws {
        let fault = Fault.partition([[0], [1]], TimeWindow(20, 100))
        let (_, log) = try spoken(plan(fault), peers: 3)
        #expect(!log.received(by: 1).contains { (22..<100).contains($0.milliseconds) })
        #expect(log.rounds(to: 1) == Array(1...40))
        // Peers of one group hear each other.
        let (_, together) = try spoken(plan(.partition([[0, 1]], TimeWindow(20, 100))), peers: 3)
        #expect(together.received(by: 1).map(\.milliseconds) == Self.undisturbed)
    }
}
