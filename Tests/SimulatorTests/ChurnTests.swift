import Conditions
import Configuration
import Gossip
import Graphs
import Runtime
import TestKit
import Testing

@testable import Simulator

/// Crashes, returns, pauses, clocks and slowness.
@Suite struct ChurnTests {
    private func left(_ peer: PeerID) -> (Event) -> Bool { { $0 == .peerLeft(peer) } }
    private func joined(_ peer: PeerID) -> (Event) -> Bool { { $0 == .peerJoined(peer) } }
    private let isGradient: (Event) -> Bool = { if case .gradientReady = $0 { true } else { false } }
    private let half = Options(["probability": .number(0.5)])

    /// GoSGD of three peers whose models move, with peer 2 going down at 57 ms.
    private func gossip(_ plan: WorldPlan, _ log: EventLog) throws -> Simulation {
        var plan = plan
        plan.targets = [4, -2, 7]
        return try plan.world("gosgd", half, peers: 3, steps: 30, log)
    }

    @Test func theOthersHearOfACrashAfterTheDetectionTime() throws {
        let log = EventLog()
        let world = try gossip(
            WorldPlan(faults: [.crash(2, TimeWindow(from: Time(milliseconds: 57)), isTorn: false)]), log)
        world.start()
        world.runToEnd()
        #expect(world.violations == [])
        for peer in 0..<2 { #expect(log.milliseconds(of: PeerID(peer), left(2)) == [62]) }
        #expect(log.milliseconds(of: 2, { _ in true }).allSatisfy { $0 < 57 })
        #expect(!world.isAlive(2) && !world.isFinished(2) && world.statistics(of: 2).steps == 5)
        #expect(world.statistics(of: 0).steps == 30 && world.statistics(of: 1).steps == 30)
        #expect(world.statistics.crashes == 1 && world.statistics.restarts == 0)
    }

    @Test func theMassOfTheDeadIsLostOnceAndForAll() throws {
        let world = try gossip(WorldPlan(), EventLog())
        world.start()
        world.run(until: Time(milliseconds: 57))
        let held = world.ledger.mass(of: 2)
        #expect(held > 0)
        world.crash(2)
        #expect(world.lostMass == held)
        world.crash(2)
        #expect(world.lostMass == held)
        world.runToEnd()
        let alive = [0, 1].reduce(0) { $0 + world.ledger.mass(of: PeerID($1)) }
        #expect(abs(alive + world.lostMass - 1) < 1e-12 && abs(world.massInFlight) < 1e-12)
    }

    /// What the dead peer had sent and nobody handled is lost; what it never handled comes back to its sender.
    @Test(arguments: [0, 2]) func whatWasUnderWayIsLostOrComesBack(victim: Int) throws {
        let sender = Script { script, event, _, effects in
            switch event {
            case .start:
                script.invariants = [Invariant(name: Invariant.mass, total: 1, held: 0.25)]
                effects.send(.model, metadata: Metadata(weight: 0.5), to: 2)
                effects.finish()
            case .returned:
                script.invariants = [Invariant(name: Invariant.mass, total: 1, held: 0.75)]
            default: break
            }
        }
        var first = sender
        first.invariants = [Invariant(name: Invariant.mass, total: 1, held: 0.75)]
        var other = Script.listener
        other.invariants = [Invariant(name: Invariant.mass, total: 1, held: 0.25)]
        var receiver = Script.listener
        receiver.invariants = [Invariant(name: Invariant.mass, total: 1, held: 0)]
        var plan = WorldPlan()
        plan.network.latency = .constant(0.02)
        let world = try plan.world([first, other, receiver])
        world.start()
        #expect(world.massInFlight == 0.5)
        world.run(until: Time(milliseconds: 10))
        world.crash(PeerID(victim))
        world.runToEnd()
        #expect(world.violations == [])
        #expect(world.massInFlight == 0)
        #expect(world.lostMass == (victim == 0 ? 0.75 : 0))
        #expect(world.ledger.mass(of: 0) == (victim == 0 ? 0 : 0.75))
    }

    /// Checkpoints at 0, 24 and 48 ms, gradients at 10, 20, ...: peer 2 comes back with 4 steps, or with 2.
    @Test(arguments: [false, true]) func aPeerComesBackAsItWasSaved(isTorn: Bool) throws {
        let log = EventLog()
        var plan = WorldPlan(faults: [.crash(2, TimeWindow(57, 73), isTorn: isTorn)])
        plan.checkpointSeconds = 0.024
        let world = try gossip(plan, log)
        world.start()
        world.run(until: Time(milliseconds: isTorn ? 24 : 48))
        let saved = world.values(of: .model, peer: 2)
        world.run(until: Time(milliseconds: 73))
        #expect(world.isAlive(2) && world.statistics(of: 2).steps == (isTorn ? 2 : 4))
        #expect(world.values(of: .model, peer: 2) == saved)
        for peer in 0..<2 { #expect(log.milliseconds(of: PeerID(peer), joined(2)) == [73]) }
        // It is told that everybody left and is there again, so that it begins again with all.
        #expect(log.milliseconds(of: 2, left(0)) == [73] && log.milliseconds(of: 2, joined(1)) == [73])
        world.runToEnd()
        #expect(world.violations == [])
        #expect(world.statistics(of: 2).steps == 30 && world.statistics.restarts == 1)
        // The gradient that was under way when it was saved is computed again, from its return on.
        let gradients = log.milliseconds(of: 2, isGradient)
        #expect(Array(gradients.prefix(7)) == [10, 20, 30, 40, 50, 83, 93])
    }

    /// The timer that was set before the crash rings in the new life: at its time, or at once where that has passed.
    @Test(arguments: [(40.0, 80.0), (90.0, 90.0)]) func aTimerUnderWayRings(downUntil: Double, rings: Double) throws {
        let sleeper = Script { _, event, _, effects in
            if event == .start { effects.timer(TimerID(rawValue: 7), at: Time(milliseconds: 80)) }
        }
        let log = EventLog()
        let world = try WorldPlan(faults: [.crash(0, TimeWindow(20, downUntil), isTorn: false)]).world(
            [sleeper, Script.listener], log)
        world.start()
        world.run(until: Time(seconds: 1))
        #expect(log.milliseconds(of: 0) { $0 == .timer(TimerID(rawValue: 7)) } == [rings])
    }

    /// A link so slow that what was sent in one life arrives in the next, in both directions.
    @Test func messagesOfAnOldIncarnationAreNotHeard() throws {
        let log = EventLog()
        var plan = WorldPlan(faults: [.crash(0, TimeWindow(20, 30), isTorn: false)])
        plan.network.latency = .constant(0.05)
        let world = try plan.world(
            [Script.speaker(1, to: 1, everySeconds: 1), Script.speaker(1, to: 0, everySeconds: 1)], log)
        world.start()
        world.run(until: Time(milliseconds: 60))
        #expect(log.rounds(to: 1) == [] && log.rounds(to: 0) == [])
        // The survivor has it back, and so has the reborn peer, whose message nobody had handled.
        for peer in 0..<2 {
            let returned = log.milliseconds(of: PeerID(peer)) { if case .returned = $0 { true } else { false } }
            #expect(returned == [peer == 0 ? 30 : 25])
        }
        #expect(world.undeliveredCount == 0)
    }

    /// Peer 0 dies with a share under way that nobody will handle, and comes back with it: from a checkpoint that knows
    /// of the message, before and after the others know of its crash.
    @Test(arguments: [0.004, 0.1], [false, true]) func whatComesBackToTheRebornIsCountedOnce(
        detectionSeconds: Double, isTorn: Bool
    ) throws {
        for seed in UInt64(1)...12 {
            var plan = WorldPlan(faults: [.crash(0, TimeWindow(63, 74), isTorn: isTorn)], seed: seed)
            plan.network = NetworkSettings(latency: .constant(0.03), loss: 0.3, detectionSeconds: detectionSeconds)
            plan.checkpointSeconds = 0.0115
            let world = try plan.world("gosgd", Options(["probability": .number(0.9)]), peers: 3, steps: 20)
            world.start()
            world.runToEnd()
            #expect(world.violations == [], "seed \(seed)")
            #expect(abs(world.massInFlight) < 1e-12)
        }
    }

    @Test func aPausedPeerDoesNothingAndThenEverythingInOrder() throws {
        let log = EventLog()
        let pause = TimeWindow(35.5, 75.5)
        let world = try WorldPlan(faults: [.pause(1, pause)]).world(
            [Script.speaker(15, to: 1, everySeconds: 0.01), Script.loner(steps: 12)], log)
        world.start()
        world.runToEnd()
        #expect(world.violations == [])
        let received = log.received(by: 1)
        #expect(received.map(\.round) == Array(1...15))
        let times: [Double] = [1, 11, 21, 31, 75.5, 75.5, 75.5, 75.5, 81, 91, 101, 111, 121, 131, 141]
        #expect(received.map(\.milliseconds) == times)
        // So is its gradient: the one that was ready at 40 ms is handled at the end, the next comes 10 ms later.
        #expect(log.milliseconds(of: 1, isGradient).prefix(5) == [10, 20, 30, 75.5, 85.5])
        #expect(log.milliseconds(of: 0) { if case .timer = $0 { true } else { false } }.count == 14)
    }

    /// A clock's jump in either direction ends neither retransmission nor the run.
    @Test(arguments: [-5.0, -0.001, 0.001, 5.0], [false, true])
    func aClockThatJumpsRepeatsNeitherNeverNorForEver(jump: Double, isBackAgain: Bool) throws {
        let log = EventLog()
        func clock(_ seconds: Double, _ milliseconds: Double) -> Fault {
            .clock(0, by: TimeSpan(nanoseconds: Int64(seconds * 1e9)), at: Time(milliseconds: milliseconds))
        }
        var plan = WorldPlan(faults: [clock(jump, 23)] + (isBackAgain ? [clock(-jump, 47)] : []))
        plan.network.loss = 0.5
        let world = try plan.world([Script.speaker(20, to: 1, everySeconds: 0.005), Script.listener], log)
        world.start()
        world.run(until: Time(seconds: 60))
        #expect(log.rounds(to: 1) == Array(1...20))
        #expect(world.undeliveredCount == 0 && world.queue.count == 0)
        #expect(world.statistics.events < 2000)
    }

    /// The world in which repetition once went on forever at one moment: the timer rang a rounding too early.
    @Test func dpsgdOnALossyRingEnds() throws {
        var plan = WorldPlan(seed: 5)
        plan.network.loss = 0.2
        let world = try plan.world("dpsgd", topology: "ring", peers: 4, steps: 20)
        world.start()
        for _ in 0..<20_000 where world.step() {}
        #expect(world.queue.count == 0)
        for peer in 0..<4 { #expect(world.isFinished(PeerID(peer))) }
    }

    @Test func aSlowPeerTakesLonger() throws {
        let log = EventLog()
        let world = try WorldPlan(faults: [.slow(1, factor: 3, TimeWindow(15, 65))]).world(
            [Script.loner(steps: 4), Script.loner(steps: 4)], log)
        world.start()
        world.runToEnd()
        #expect(log.milliseconds(of: 0, isGradient) == [10, 20, 30, 40])
        #expect(log.milliseconds(of: 1, isGradient) == [10, 20, 50, 80])
    }
}
