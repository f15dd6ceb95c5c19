import Conditions
import Gossip
import Graphs
import Runtime
import TestKit
import Testing
import Vectors

@testable import Simulator

/// Passes through a divided network in virtual time.
@Suite struct PassesTests {

    private static let models: [[Float]] = [[0.5, -0.25], [0.75, 1.5]]

    /// Links of 1 ms, 60 ms for a whole gradient.
    private func world(
        steps: UInt64 = 4, faults: [Fault] = [], models: [[Float]] = models, threads: Int = 1,
        _ log: EventLog = EventLog()
    ) throws -> Simulation {
        let settings = SimulationSettings(
            network: NetworkSettings(), machines: MachineSettings(),
            faults: try FaultList(faults, learners: 2, servers: 0))
        let world = Simulation(peers: 2, settings, Parallelism(threads: threads, leastWork: 0))
        for stage in 0..<2 {
            world.add(
                Relay(stage: stage, steps: steps), model: FlatVector(models[stage]),
                learner: RelayLearner(stage: stage),
                localOptimizer: PlainOptimizer(rate: 0.1), computeSeconds: { _ in 0.06 })
        }
        for peer in world.peers {
            log.others[peer.me] = peer.node.observer
            peer.node.observer = log
        }
        return world
    }

    private func values(_ world: Simulation) -> [[Float]] {
        (0..<2).map { world.values(of: .model, peer: PeerID($0)) }
    }

    @Test(arguments: [1, 2, 4]) func twoStagesLearnAsThePlainLoopDoes(threads: Int) throws {
        let world = try world(threads: threads)
        world.start()
        world.runToEnd()
        #expect(world.violations == [])
        #expect(values(world) == Relay.models(after: 4, from: Self.models, rate: 0.1))
        #expect(values(world) != Self.models)
        for peer in 0..<2 {
            #expect(world.statistics(of: PeerID(peer)).steps == 4)
            #expect(world.statistics(of: PeerID(peer)).samples == 16 * peer)
        }
    }

    /// Forward 10 ms in stage 0; 30 ms forth and back in stage 1; backward 20 ms in stage 0; 1 ms each way.
    @Test func everyRequestTakesItsShareOfAGradientsTime() throws {
        let log = EventLog()
        let world = try world(steps: 1, log)
        world.start()
        world.runToEnd()
        func milliseconds(_ peer: PeerID, _ isWanted: (Event) -> Bool) -> [Double] {
            log.milliseconds(of: peer, isWanted)
        }
        func isStop(_ event: Event) -> Bool { if case .passStopped = event { true } else { false } }
        func isEnd(_ event: Event) -> Bool { if case .passEnded = event { true } else { false } }
        #expect(milliseconds(0, isStop) == [10, 20])
        #expect(milliseconds(1, isStop) == [11, 41, 41, 71])
        #expect(milliseconds(1, isEnd) == [41, 71])
        #expect(milliseconds(0, isEnd) == [62, 92])
        for peer in 0..<2 {
            let seconds = world.computingTime(of: PeerID(peer)).seconds
            #expect(abs(seconds - 0.06) < 1e-12)
        }
        let spans = (0..<2).map { world.takePassSpans(of: PeerID($0)) }
        func begins(_ peer: Int) -> [Double] { spans[peer].map { ($0.begin * 1000).rounded() } }
        func ends(_ peer: Int) -> [Double] { spans[peer].map { ($0.end * 1000).rounded() } }
        #expect(begins(0) == [0, 10, 42, 72] && ends(0) == [10, 20, 62, 92])
        #expect(begins(1) == [11, 41] && ends(1) == [41, 71])
        #expect(spans[0].map(\.isBackward) == [false, false, true, true])
        #expect(world.lastStepAt(of: 0) == Time(milliseconds: 92) && world.lastStepAt(of: 1) == Time(milliseconds: 71))
    }

    @Test func aSlowPeersPassesTakeLonger() throws {
        let log = EventLog()
        let world = try world(steps: 1, faults: [.slow(0, factor: 3, TimeWindow(0, 1000))], log)
        world.start()
        world.runToEnd()
        let stops = log.milliseconds(of: 0) { if case .passStopped = $0 { true } else { false } }
        #expect(stops == [30, 60])
        #expect(values(world) == Relay.models(after: 1, from: Self.models, rate: 0.1))
    }

    /// Saved between any two events, with passes that wait, requests under way and parts that are kept.
    @Test(arguments: [1, 3]) func aWorldGoesOnAmidItsPasses(threads: Int) throws {
        let whole = try world()
        whole.start()
        whole.runToEnd()
        let timeline = whole.takePassSpans(of: 0)
        #expect(timeline.count == 16)
        for events in 0..<whole.statistics.events {
            let first = try world(threads: threads)
            first.start()
            for _ in 0..<events { _ = first.step() }
            var told = first.takePassSpans(of: 0)
            let second = try world(threads: threads)
            try second.restore(first.state())
            second.runToEnd()
            #expect(second.violations == [] && values(second) == values(whole), "after \(events) events")
            #expect(second.statistics == whole.statistics && second.now == whole.now)
            #expect(second.computingTime(of: 0) == whole.computingTime(of: 0))
            told += second.takePassSpans(of: 0)
            #expect(told == timeline)
        }
    }

    /// It comes back with the request that was under way when it was saved, which takes its time again from then on.
    @Test func aPeerComesBackAmidAPass() throws {
        let log = EventLog()
        let world = try world(faults: [.crash(0, TimeWindow(5, 17), isTorn: false)], log)
        world.start()
        world.run(until: Time(milliseconds: 30))
        let stops = log.milliseconds(of: 0) { if case .passStopped = $0 { true } else { false } }
        #expect(stops == [27] && world.violations == [])
    }

    /// A loss that is no number is told with the step that is under way; stage 0 has none to tell.
    @Test func aPassWhoseLossIsNoNumberIsTold() throws {
        let world = try world(models: [[0.5, 1], [.infinity, 1]])
        world.start()
        world.runToEnd()
        #expect(world.divergence?.peer == 1 && world.divergence?.step == 1)
    }
}
