import Conditions
import Gossip
import Graphs
import Runtime
import Testing

@testable import Simulator

/// Every promise of a simulation can be seen to break, and a run that keeps them breaks none.
@Suite struct PromisesTests {
    private func broken(_ algorithms: [Script], _ plan: WorldPlan = WorldPlan()) throws -> Violation? {
        let world = try plan.world(algorithms)
        world.start()
        world.runToEnd()
        return world.violations.first
    }

    /// Numbers that are none end the run and break no promise: a learning rate that is too large does that.
    @Test func aModelThatIsNoNumber() throws {
        var plan = WorldPlan()
        plan.targets = [1, .nan]
        let learners: [Script] = [.loner(steps: 3), .loner(steps: 3)]
        let world = try plan.world(learners)
        world.start()
        world.runToEnd()
        #expect(world.violations == [])
        #expect(world.divergence?.peer == 1 && world.divergence?.step == 1)
        #expect(world.now == Time(milliseconds: 10))
        // Where some peer is byzantine the honest cannot help it.
        plan.faults = [.byzantine(0, .notANumber, TimeWindow(from: Time(seconds: 9)))]
        #expect(try broken([.loner(steps: 3), .loner(steps: 3)], plan) == nil)
    }

    @Test func aPeerThatRunsAhead() throws {
        var plan = WorldPlan()
        plan.gradientSeconds = [0.01, 0.1]
        plan.lockStepGraph = try Graph("complete", peers: 2)
        let violation = try #require(try broken([.loner(steps: 9), .loner(steps: 9)], plan))
        #expect(violation.what == "peer 0 has made 3 steps, and 1, from whom it hears, only 0")
    }

    /// One that a neighbour is waited for may still be a round behind it, and a peer that only hears may be further.
    @Test(arguments: ["dpsgd", "sgp", "gradient-tracking", "allreduce"], ["ring", "directed-ring", "complete"])
    func lockStepIsNoViolation(name: String, topology: String) throws {
        for slow in 0..<5 {
            var plan = WorldPlan()
            plan.gradientSeconds = [Double](repeating: 0.01, count: 5)
            plan.gradientSeconds[slow] = 0.2
            plan.lockStepGraph = try Graph(name == "allreduce" ? "complete" : topology, peers: 5)
            let world = try plan.world(name, topology: topology, peers: 5, steps: 12)
            world.start()
            world.runToEnd()
            #expect(world.violations == [], "\(name) on \(topology), slow peer \(slow)")
        }
    }

    @Test func aPayloadThatIsKept() throws {
        let miser = Script { _, event, _, effects in
            if case .start = event { effects.finish() }
            if case .received(.some(let payload), _, _) = event { effects.keep(payload) }
        }
        let violation = try #require(try broken([.speaker(2, to: 1, everySeconds: 0.01), miser]))
        #expect(violation.what == "peer 1 has finished and holds 2 payloads")
    }

    @Test func aLawThatDoesNotHold() throws {
        var thief = Script { script, event, _, effects in
            if case .gradientReady = event {
                script.invariants = [Invariant(name: Invariant.mass, total: 1, held: 0.4)]
            }
            if case .start = event { effects.gradient() } else { effects.finish() }
        }
        thief.invariants = [Invariant(name: Invariant.mass, total: 1, held: 0.5)]
        var honest = Script.listener
        honest.invariants = thief.invariants
        let violation = try #require(try broken([thief, honest]))
        #expect(violation.what == "mass is 0.9, not 1.0")
        #expect(violation.time == Time(milliseconds: 10))
    }

    @Test func aPeerThatWaitsForEver() throws {
        let waiting = Script { _, _, _, _ in }
        let violation = try #require(try broken([.loner(steps: 2), waiting]))
        #expect(violation.what == "peer 1 waits forever: it stands at step 0")
    }

    /// A deadline finds those who go on forever without end.
    @Test func aPeerThatNeverEnds() throws {
        let busy = Script { _, event, now, effects in effects.timer(TimerID(rawValue: 1), at: now + 0.01) }
        var plan = WorldPlan()
        plan.deadline = Time(seconds: 1)
        let world = try plan.world([busy])
        world.start()
        world.runToEnd()
        #expect(world.violations.first?.what == "peer 0 is not done within 1.0 s: it stands at step 0")
        #expect(world.now <= Time(seconds: 1))
    }

    @Test func theTextTellsWhenAndWhatLedToIt() throws {
        let miser = Script { _, event, _, effects in
            if case .start = event { effects.finish() }
            if case .received(.some(let payload), _, _) = event { effects.keep(payload) }
        }
        let violation = try #require(try broken([.speaker(40, to: 1, everySeconds: 0.01), miser]))
        let lines = violation.description.split(separator: "\n")
        #expect(lines[0] == "0.392 s, event \(violation.event): peer 1 has finished and holds 40 payloads")
        // The last 24 events, oldest first, the very last behind all others.
        #expect(violation.recent.count == 24 && lines.count == 25)
        #expect(violation.recent.last == "0.392 s  peer 0  delivered 40")
        #expect(violation.recent[22] == "0.391 s  peer 1  received #40 r40 from 0  →  keep #40")
        #expect(violation.recent.contains { $0.contains("peer 0  timer 39  →  send 40 model r40 to 1; finish") })
    }

    /// The same seed gives the same text, another one another world.
    @Test func aViolationIsAFunctionOfTheSeed() throws {
        func violation(_ seed: UInt64) throws -> Violation? {
            let miser = Script { _, event, _, effects in
                if case .start = event { effects.finish() }
                if case .received(.some(let payload), _, _) = event { effects.keep(payload) }
            }
            var plan = WorldPlan(seed: seed)
            plan.network.latency = Latency(.normal, meanSeconds: 0.01, spread: 0.5)
            return try broken([.speaker(9, to: 1, everySeconds: 0.01), miser], plan)
        }
        let (one, same, other) = (try violation(3), try violation(3), try violation(4))
        #expect(one == same)
        #expect(one != other)
    }
}
