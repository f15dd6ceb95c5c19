import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct GossipPushTests {
    private func run(_ name: String, _ options: [String: OptionValue], peers: Int, steps: UInt64) throws
        -> Simulation
    {
        var run = EveryAlgorithmTests.run(name, "complete")
        run.options = Options(options)
        run.steps = steps
        run.curvature = 0
        run.starts = (0..<peers).map { [Float($0 * $0)] }
        run.network = EveryAlgorithmTests.unruly
        return try run.run(targets: [[Float]](repeating: [0], count: peers))
    }

    /// What comes between two steps is averaged as one set, whatever its order: x and two others a third each.
    @Test func theMeanOfAllThatCame() throws {
        let setup = Setup(
            me: 0, peers: 3, seed: 1, graph: try Graph("complete", peers: 3), samples: 1, stepsPerEpoch: 1, steps: 9)
        var push = try Algorithms.make("gossip-push", setup, options: Options())
        func own(_ event: Event) -> [Double] {
            var effects = Effects()
            push.handle(event, now: .zero, &effects)
            return effects.list.compactMap {
                if case .combine(_, _, let terms) = $0 { terms.weight(of: .model) } else { nil }
            }
        }
        let ready = Event.gradientReady(loss: 1, learningRate: 1, samples: 1)
        func model(_ number: UInt64) -> Event { .received(PayloadID(rawValue: number), metadata: Metadata(), from: 1) }
        let twoThirds = 1 - 1 / 3.0
        #expect(own(.start) == [])
        #expect(own(model(1)) == [0.5])
        #expect(own(model(2)) == [twoThirds])
        #expect(own(ready) == [])
        #expect(own(model(3)) == [0.5])
    }

    @Test func aPushEveryPeriodOrByChance() throws {
        let every = try run("gossip-push", ["period": .integer(3)], peers: 4, steps: 10)
        for peer in 0..<4 { #expect(every.statistics(of: PeerID(peer)).messagesSent == 4) }
        let chance = try run("gossip-push", ["probability": .number(0.25)], peers: 4, steps: 400)
        #expect((320...480).contains((0..<4).map { chance.statistics(of: PeerID($0)).messagesSent }.reduce(0, +)))
    }

    /// Without gradients all meet, though not where the mean was.
    @Test func modelsMeet() throws {
        let models = try run("gossip-push", [:], peers: 6, steps: 200).models
        for model in models { #expect(abs(model[0] - models[0][0]) < 0.01) }
    }

    /// In circles the mean stays, and each exchange is one message a peer.
    @Test(arguments: ["gossip-push", "gossip-pull"], [2, 3, 5, 8]) func cyclesKeepTheMean(name: String, peers: Int)
        throws
    {
        let simulation = try run(
            name, ["synchronous": .boolean(true), "period": .integer(2)], peers: peers, steps: 240)
        let start = (0..<peers).map { Double($0 * $0) }.reduce(0, +)
        #expect(abs(simulation.sum - start) < 1e-3)
        for (peer, model) in simulation.models.enumerated() {
            #expect(abs(Double(model[0]) - start / Double(peers)) < 1e-3)
            #expect(simulation.statistics(of: PeerID(peer)).messagesSent == 120)
            #expect(simulation.statistics(of: PeerID(peer)).messagesReceived == 120)
        }
    }

    @Test func cyclesNeedEverybodyAndAPeriod() throws {
        func refusal(_ topology: String, _ options: [String: OptionValue]) throws -> ConfigurationError {
            let setup = Setup(
                me: 0, peers: 4, seed: 1, graph: try Graph(topology, peers: 4), samples: 1, stepsPerEpoch: 1, steps: 1)
            return try #require(throws: ConfigurationError.self) {
                _ = try Algorithms.make("gossip-push", setup, options: Options(options))
            }
        }
        let together = OptionValue.boolean(true)
        #expect(try refusal("ring", ["synchronous": together]).message.contains("choose topology.name=complete"))
        #expect(try refusal("complete", ["synchronous": together, "probability": .number(1)]).key == "probability")
        #expect(try refusal("ring", ["period": .integer(2), "probability": .number(1)]).key == "probability")
    }

    @Test func whatIsPromisedDependsOnTheVariant() {
        for name in ["gossip-push", "gossip-pull"] {
            let together = Options(["synchronous": .boolean(true)])
            #expect(!Algorithms.traits(name).isLockStep && Algorithms.traits(name, options: together).isLockStep)
            #expect(Algorithms.traits(name).faultTolerance.isSuperset(of: [.crash, .restart]))
            #expect(Algorithms.traits(name, options: together).faultTolerance == FaultTolerance.messages.union(.crash))
        }
    }
}
