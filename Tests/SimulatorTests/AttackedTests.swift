import Conditions
import Configuration
import Graphs
import Randomness
import Testing

@testable import Gossip
@testable import Simulator

/// What byzantine peers send, against plain arithmetic: peers 0 and 1 are honest and tell peer 2 their models, (1, 2)
/// and (3, 6). That has (2, 4) at first and (4, 8) when it has heard them, and tells both.
@Suite struct AttackedTests {
    private static let kinds: [(attack: Attack, first: [Float], toZero: [Float], toOne: [Float])] = [
        (.scale(10), [20, 40], [40, 80], [40, 80]),
        (.signFlip, [-2, -4], [-4, -8], [-4, -8]),
        (.replay, [2, 4], [2, 4], [2, 4]),
        (.freeRider, [1, 2], [1, 2], [1, 2]),
        (.noise(deviation: 0), [2, 4], [4, 8], [4, 8]),
        (.labelFlip, [2, 4], [4, 8], [4, 8]),
        (.ipm(epsilon: 0.5), [2, 4], [-1, -2], [-1, -2]),
        // Of 1 and 3 the deviation is the root of 2, of 2 and 6 that of 8.
        (
            .alie(z: 2), [2, 4], [2 - 2 * 2.0.squareRoot(), 4 - 2 * 8.0.squareRoot()].map { Float($0) },
            [2 - 2 * 2.0.squareRoot(), 4 - 2 * 8.0.squareRoot()].map { Float($0) }
        ),
        // Of three peers one is byzantine: half of three and one, less one, honest ones must support it, one of two.
        (.alie(z: nil), [2, 4], [2, 4], [2, 4]),
        // Every peer weighs every other by a third.
        (.dissensus(epsilon: 1), [2, 4], [-1, -2], [5, 10]),
        (.dissensus(epsilon: 0.5), [2, 4], [0, 0], [4, 8]),
    ]

    private func setup() throws -> Setup {
        Setup(
            me: 2, peers: 3, seed: 5, graph: try Graph("complete", peers: 3), samples: 1, stepsPerEpoch: 1, steps: 3)
    }

    private func attacked(
        _ honest: Script, _ stretches: [Attacked.Stretch], isLockStep: Bool = true
    ) throws -> Attacked {
        Attacked(honest, try setup(), stretches, byzantinePeers: [2], isLockStep: isLockStep)
    }

    /// Tells peer 2 so many times its model, and then, for the next round, what must not be heard yet.
    private func honest(_ times: Double) -> Script {
        Script { script, event, _, effects in
            switch event {
            case .start:
                effects.combine(into: .model, Term(times, .model))
                effects.send(.model, metadata: Metadata(round: 1), to: 2)
                effects.combine(into: .named(9), Term(100, .model))
                effects.send(.named(9), metadata: Metadata(round: 2), to: 2)
                effects.finish()
            case .received(.some(let payload), _, _):
                script.count += 1
                effects.combine(into: .named(UInt8(script.count)), Term(1, .received(payload)))
            default: break
            }
        }
    }

    /// Tells the others its model, and twice that when it has heard them.
    private func teller(keeps: Bool) -> Script {
        Script { script, event, now, effects in
            switch event {
            case .start:
                effects.combine(into: .model, Term(2, .model))
                for peer: PeerID in [0, 1] { effects.send(.model, metadata: Metadata(round: 1), to: peer) }
                effects.timer(TimerID(rawValue: 1), at: now + 0.05)
            case .received(.some(let payload), let metadata, _) where keeps:
                effects.keep(payload)
                script.count = max(script.count, payload.rawValue)
                if metadata.round == 2 { effects.release(payload) }
            case .timer:
                effects.combine(into: .model, Term(2, .model))
                for peer: PeerID in [0, 1] { effects.send(.model, metadata: Metadata(round: 2), to: peer) }
                effects.finish()
            default: break
            }
        }
    }

    private func world(_ attack: Attack, keeps: Bool = false, isLockStep: Bool = true) throws -> Simulation {
        let stretches = [Attacked.Stretch(attack, from: .zero, until: nil)]
        var plan = WorldPlan()
        plan.faults = [.byzantine(2, attack, TimeWindow())]
        let world = try plan.world([
            honest(1), honest(3), attacked(teller(keeps: keeps), stretches, isLockStep: isLockStep),
        ])
        world.start()
        world.runToEnd()
        return world
    }

    @Test(arguments: kinds.indices) func sendsWhatArithmeticSays(index: Int) throws {
        let kind = Self.kinds[index]
        let world = try world(kind.attack)
        #expect(world.violations == [], "\(kind.attack)")
        for peer: PeerID in [0, 1] {
            #expect(world.values(of: .named(1), peer: peer) == kind.first, "\(kind.attack)")
            let second = world.values(of: .named(2), peer: peer)
            let wanted = peer == 0 ? kind.toZero : kind.toOne
            for (number, value) in zip(second, wanted) { #expect(abs(number - value) < 1e-6, "\(kind.attack)") }
        }
        // It does not deceive itself.
        #expect(world.values(of: .model, peer: 2) == [4, 8])
        #expect(world.heldPayloadCount(of: 2) == 0)
    }

    @Test func notANumber() throws {
        let world = try world(.notANumber)
        #expect(world.violations == [])
        #expect(world.values(of: .named(1), peer: 0).allSatisfy { $0.isNaN })
        #expect(world.values(of: .named(2), peer: 1).allSatisfy { $0.isNaN })
        #expect(world.values(of: .model, peer: 2) == [4, 8])
    }

    /// Noise is the same to all receivers of a round, another one in the next, and that of the run's seed.
    @Test func noise() throws {
        let world = try world(.noise(deviation: 0.5))
        for (slot, round, model) in [(UInt8(1), UInt64(1), Float(2)), (2, 2, 4)] {
            var stream = RandomStream(seed: 5, purpose: .attack, peer: 2, round: 8 * round)
            let wanted = [model + Float(0.5 * stream.normal()), 2 * model + Float(0.5 * stream.normal())]
            #expect(world.values(of: .named(slot), peer: 0) == wanted)
            #expect(world.values(of: .named(slot), peer: 1) == wanted)
        }
    }

    /// Who does not wait for others goes by what came last.
    @Test func whoDoesNotWaitTakesTheLast() throws {
        let world = try world(.ipm(epsilon: 0.5), isLockStep: false)
        #expect(world.values(of: .named(2), peer: 0) == [-100, -200])
        #expect(world.violations == [])
    }

    @Test func holdsFromOneMomentToAnother() throws {
        let stretch = Attacked.Stretch(.signFlip, from: Time(milliseconds: 20), until: Time(milliseconds: 60))
        var plan = WorldPlan()
        plan.faults = [.byzantine(2, .signFlip, TimeWindow(20, 60))]
        let world = try plan.world([honest(1), honest(3), attacked(teller(keeps: false), [stretch])])
        world.start()
        world.runToEnd()
        #expect(world.values(of: .named(1), peer: 0) == [2, 4])
        #expect(world.values(of: .named(2), peer: 0) == [-4, -8])
    }

    /// What the algorithm keeps for itself is held once, and released when neither needs it.
    @Test func payloadsThatBothKeepAreHeldOnce() throws {
        let world = try world(.ipm(epsilon: 0.5), keeps: true)
        #expect(world.values(of: .named(2), peer: 0) == [-1, -2])
        // The script never releases the two of the first round; those of the second are with the attack until the end.
        #expect(world.heldPayloadCount(of: 2) == 2)
    }

    /// Hidden among many, an attack of few may be further away.
    @Test func aLittleIsEnough() {
        #expect(abs(Attack.hiddenDeviations(peers: 25, byzantine: 5) - 0.253347) < 1e-5)
        #expect(abs(Attack.hiddenDeviations(peers: 50, byzantine: 24) - 1.426077) < 1e-5)
        #expect(abs(Attack.hiddenDeviations(peers: 12, byzantine: 2)) < 1e-9)
        #expect(Attack.hiddenDeviations(peers: 2, byzantine: 1).isFinite)
    }

    @Test func noExperimentNamesIt() throws {
        #expect(throws: ConfigurationError.self) { _ = try Attacked(setup(), options: Options()) }
        #expect(!Algorithms.all.contains { $0.name == Attacked.description.name })
    }
}
