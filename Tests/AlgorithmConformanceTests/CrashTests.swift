import Configuration
import Runtime
import Simulator
import Testing

@testable import Gossip
@testable import Graphs

/// What algorithms promise where peers die, and what they do where they promise nothing: they never wait forever.
@Suite struct CrashTests {
    private static let survivors = EveryAlgorithmTests.names.filter {
        Algorithms.traits($0).faultTolerance.contains(.crash)
    }
    private static let others = EveryAlgorithmTests.names.filter {
        !Algorithms.traits($0).faultTolerance.contains(.crash)
    }
    private static let withServer = EveryAlgorithmTests.names.filter { Algorithms.traits($0).servers > 0 }

    private func crashed(_ name: String, _ topology: String, dead: Int, seed: UInt64) throws -> Simulation {
        var run = EveryAlgorithmTests.run(name, topology)
        run.steps = 40
        run.seed = seed
        run.network = EveryAlgorithmTests.unruly
        let simulation = try run.simulation(targets: (0..<6).map { [Float($0), 1] })
        simulation.start()
        simulation.run(until: Time(seconds: 0.1 + 0.01 * Double(seed)))
        simulation.crash(PeerID(dead))
        simulation.run()
        return simulation
    }

    /// Survivors make all their steps; mass and messages are accounted for.
    @Test(arguments: survivors, ["ring", "hypercube-like", "one-peer-exponential"])
    func theOthersGoOn(name: String, topology: String) throws {
        var topology = topology == "hypercube-like" ? "star" : topology
        if topology == "one-peer-exponential", Algorithms.traits(name).needs.contains(.symmetric) {
            topology = "complete"
        }
        // The two sides of the graph must not depend on the rounds.
        guard name != "adpsgd" || topology != "one-peer-exponential" else { return }
        for seed in UInt64(0)..<8 {
            // The middle of a star is its only connection.
            let dead = topology == "star" ? 1 + Int(seed % 5) : Int(seed % 6)
            let simulation = try crashed(name, topology, dead: dead, seed: seed)
            #expect(simulation.violations == [])
            for peer in (0..<simulation.peerCount).map({ PeerID($0) }) where peer.rawValue != dead {
                #expect(simulation.isFinished(peer) && simulation.abandonment(of: peer) == nil, "\(name), seed \(seed)")
                #expect(simulation.heldPayloadCount(of: peer) == 0, "\(name), seed \(seed), peer \(peer)")
                if peer.rawValue < 6 { #expect(simulation.statistics(of: peer).steps == 40) }
            }
            for (peer, model) in simulation.evaluated.enumerated() where peer != dead {
                #expect(model.allSatisfy { abs($0) < 10 }, "\(name), seed \(seed)")
            }
        }
    }

    @Test(arguments: others) func theOthersGiveUp(name: String) throws {
        for seed in UInt64(0)..<4 {
            let simulation = try crashed(name, "ring", dead: 2, seed: seed)
            for peer in 0..<6 where peer != 2 {
                let reason = try #require(simulation.abandonment(of: PeerID(peer)))
                #expect(reason.contains("\(name) cannot go on: peer 2 is gone"))
                #expect(simulation.statistics(of: PeerID(peer)).steps < 40)
            }
        }
    }

    @Test(arguments: withServer) func withoutItsServerEverybodyGivesUp(name: String) throws {
        let simulation = try crashed(name, "ring", dead: 6, seed: 1)
        for peer in 0..<6 {
            #expect(simulation.abandonment(of: PeerID(peer)) == "\(name) cannot go on: its server, peer 6, is gone")
        }
    }

    /// On a directed ring nothing reaches the peer behind the dead one: push-sum would leave it without weight.
    @Test(arguments: ["sgp", "osgp"]) func pushSumNeedsAConnectedRest(name: String) throws {
        let simulation = try crashed(name, "directed-ring", dead: 3, seed: 1)
        for peer in 0..<6 where peer != 3 {
            #expect(try #require(simulation.abandonment(of: PeerID(peer))).contains("topology 'directed-ring'"))
        }
        #expect(simulation.violations == [])
    }

    /// All but one die, one after the other.
    @Test(arguments: survivors) func theLastOneGoesOnAlone(name: String) throws {
        var run = EveryAlgorithmTests.run(name, name == "adpsgd" ? "ring" : "complete")
        run.steps = 60
        let simulation = try run.simulation(targets: (0..<4).map { [Float($0)] })
        simulation.start()
        for (count, dead) in [2, 0, 3].enumerated() {
            simulation.run(until: Time(seconds: 0.1 * Double(count + 1)))
            simulation.crash(PeerID(dead))
        }
        simulation.run()
        #expect(simulation.violations == [])
        #expect(simulation.statistics(of: 1).steps >= 60)
        #expect(simulation.isFinished(1) && simulation.abandonment(of: 1) == nil)
    }

    /// D-PSGD: who sent for a round before it died is mixed in it; its weight is the receiver's own afterwards.
    @Test func aDeadNeighboursLastModelIsUsed() throws {
        let setup = Setup(
            me: 0, peers: 4, seed: 1, graph: try Graph("ring", peers: 4), samples: 1, stepsPerEpoch: 1, steps: 9)
        var algorithm = try DPSGD(setup, options: Options())
        func effects(_ events: Event...) -> [Effect] {
            var effects = Effects()
            for event in events { algorithm.handle(event, now: .zero, &effects) }
            return effects.list
        }
        let payload = PayloadID(rawValue: 7)
        let ready = Event.gradientReady(loss: 1, learningRate: 1, samples: 1)
        let first = effects(
            .start, .received(payload, metadata: Metadata(round: 0), from: 3), .peerLeft(3), ready,
            .received(PayloadID(rawValue: 8), metadata: Metadata(round: 0), from: 1))
        let third = 1 / 3.0
        let own = first.compactMap { effect -> [Term]? in
            if case .combine(.model, _, let terms) = effect { terms } else { nil }
        }
        #expect(own.count == 1)
        #expect(own[0].map(\.vector) == [.model, .received(PayloadID(rawValue: 8)), .received(payload)])
        for term in own[0] { #expect(abs(own[0].weight(of: term.vector) - third) < 1e-12) }
        let second = effects(ready, .received(PayloadID(rawValue: 9), metadata: Metadata(round: 1), from: 1))
        let terms = second.compactMap { effect -> [Term]? in
            if case .combine(.model, _, let terms) = effect { terms } else { nil }
        }
        #expect(terms.first?.map(\.vector) == [.model, .received(PayloadID(rawValue: 9))])
        #expect(abs(try #require(terms.first).weight(of: .model) - 2 * third) < 1e-12)
        // Nothing is sent to it any more.
        for case .send(_, _, _, let peer, _) in second { #expect(peer == 1) }
    }
}
