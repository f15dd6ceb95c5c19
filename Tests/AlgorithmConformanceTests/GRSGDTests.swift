import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct GRSGDTests {
    private func run(_ options: [String: OptionValue], steps: UInt64, _ network: TestNetwork) throws
        -> Simulation
    {
        var run = EveryAlgorithmTests.run("grsgd", "complete")
        run.options = Options(options)
        run.steps = steps
        run.curvature = 0
        run.starts = (0..<6).map { peer in (0..<9).map { Float(peer * peer % (5 + $0)) } }
        run.network = network
        return try run.run(targets: [[Float]](repeating: [Float](repeating: 0, count: 9), count: 6))
    }

    /// Sum weights find the mean of where the peers start, in every chunk, in both directions, whatever the network.
    @Test(arguments: [1, 2, 4, 6, 20], ["successor", "alternate"])
    func theMeanIsFound(chunks: Int, direction: String) throws {
        let options: [String: OptionValue] = ["chunks": .integer(chunks), "direction": .text(direction)]
        let simulation = try run(options, steps: UInt64(900 * chunks), EveryAlgorithmTests.unruly)
        #expect(simulation.violations == [])
        for index in 0..<9 {
            let mean = (0..<6).map { Float($0 * $0 % (5 + index)) }.reduce(0, +) / 6
            for model in simulation.models { #expect(abs(model[index] - mean) < 0.02, "number \(index)") }
        }
    }

    /// A chunk at a time, to the next peer only, or to both sides in turn; every so many steps at the most.
    @Test func whatIsSentWhereTo() throws {
        let quick = TestNetwork(latencySeconds: 1e-6)
        func received(_ options: [String: OptionValue]) throws -> [Int] {
            let simulation = try run(options, steps: 12, quick)
            return (0..<6).map { simulation.statistics(of: PeerID($0)).bytesSent }
        }
        #expect(try received([:]) == [Int](repeating: 12 * 36, count: 6))
        #expect(try received(["chunks": .integer(3)]) == [Int](repeating: 12 * 12, count: 6))
        #expect(try received(["every": .integer(5)]) == [Int](repeating: 3 * 36, count: 6))
    }

    /// No chunk is left out where a peer pushes in every second step only, or a push is under way for two of them.
    @Test(arguments: [(2, 0.0), (4, 0.0), (1, 0.015)]) func allChunksTakeTurns(every: Int, latencySeconds: Double)
        throws
    {
        let options: [String: OptionValue] = ["chunks": .integer(2), "every": .integer(every)]
        let simulation = try run(options, steps: 600, TestNetwork(latencySeconds: latencySeconds))
        for index in 0..<9 {
            let mean = (0..<6).map { Float($0 * $0 % (5 + index)) }.reduce(0, +) / 6
            for model in simulation.models { #expect(abs(model[index] - mean) < 0.02, "number \(index)") }
        }
    }

    /// In turn means that each chunk goes both ways, and not every other one this way and the rest that way.
    @Test func eachChunkGoesBothWays() throws {
        let setup = Setup(
            me: 1, peers: 4, seed: 1, graph: try Graph("ring", peers: 4), samples: 1, stepsPerEpoch: 1, steps: 9)
        let options = Options(["direction": .text("alternate"), "chunks": .integer(2)])
        var ring = try Algorithms.make("grsgd", setup, options: options)
        var effects = Effects()
        let pushes = (0..<4).map { _ in
            effects.removeAll()
            ring.handle(.gradientReady(loss: 0, learningRate: 0.1, samples: 1), now: .zero, &effects)
            var push = ""
            for case .send(_, let part?, _, let peer, let id) in effects.list {
                push = "\(part.index) to \(peer)"
                ring.handle(.delivered(id), now: .zero, &effects)
            }
            return push
        }
        #expect(pushes == ["1 to 2", "0 to 2", "1 to 0", "0 to 0"])
    }

    /// While a push is under way there is no other: a slow network is not flooded.
    @Test func oneAtATime() throws {
        let simulation = try run([:], steps: 50, TestNetwork(latencySeconds: 0.1))
        for peer in 0..<6 { #expect((2...5).contains(simulation.statistics(of: PeerID(peer)).messagesSent)) }
    }

    /// The ring closes over a peer that is gone, and opens again when it is back.
    @Test func theRingCloses() throws {
        let setup = Setup(
            me: 1, peers: 4, seed: 1, graph: try Graph("ring", peers: 4), samples: 1, stepsPerEpoch: 1, steps: 9)
        var ring = try Algorithms.make("grsgd", setup, options: Options(["direction": .text("alternate")]))
        var effects = Effects()
        func target(_ events: Event...) -> PeerID? {
            effects.removeAll()
            for event in events { ring.handle(event, now: .zero, &effects) }
            let targets = effects.list.compactMap { if case .send(_, _, _, let peer, _) = $0 { peer } else { nil } }
            return targets.last
        }
        let ready = Event.gradientReady(loss: 1, learningRate: 1, samples: 1)
        #expect(target(.start, ready) == 2)
        #expect(target(ready) == nil)
        #expect(target(.delivered(MessageID(rawValue: 1)), ready) == 0)
        #expect(target(.delivered(MessageID(rawValue: 2)), .peerLeft(2), ready) == 3)
        #expect(target(.delivered(MessageID(rawValue: 3)), .peerLeft(0), .peerLeft(3), ready) == nil)
        #expect(target(.peerJoined(2), ready) == 2)
    }
}
