import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct BestPeerTests {
    private let ready = Event.gradientReady(loss: 1, learningRate: 0.1, samples: 2)
    private let model = PayloadID(rawValue: 1)

    private func make(_ options: [String: OptionValue] = [:], me: Int, steps: UInt64 = 50) throws -> any Algorithm {
        let setup = Setup(
            me: PeerID(me), peers: 3, seed: 1, graph: try Graph("complete", peers: 3), samples: 1, stepsPerEpoch: 1,
            steps: steps)
        return try Algorithms.make("best-peer", setup, options: Options(options))
    }

    private func effects(_ algorithm: inout any Algorithm, _ events: Event...) -> [Effect] {
        var effects = Effects()
        for event in events { algorithm.handle(event, now: .zero, &effects) }
        return effects.list
    }

    private func score(_ score: Double, from peer: PeerID, round: UInt64 = 0, isLast: Bool = false) -> Event {
        .received(nil, metadata: Metadata(round: round, tag: isLast ? 1 : 0, weight: score), from: peer)
    }

    /// After so many samples the model is scored, and the score told.
    @Test func aRoundIsSomeSamples() throws {
        var peer = try make(["samples": .integer(5)], me: 0)
        #expect(effects(&peer, .start, ready, ready).last == .gradient(at: Term(1, .model)))
        #expect(effects(&peer, ready) == [.update, .score(.model)])
        let told = effects(&peer, .scored(0.25)).compactMap { effect -> Double? in
            if case .send(nil, _, let metadata, _, _) = effect { metadata.weight } else { nil }
        }
        #expect(told == [0.25, 0.25])
    }

    /// Among equals the one with the lowest number wins: it sends, the others take over and forget.
    @Test func aTieGoesToTheLowest() throws {
        var winner = try make(["samples": .integer(1)], me: 0)
        let sent = effects(&winner, .start, ready, score(0.5, from: 1), score(0.4, from: 2), .scored(0.5))
        let models = sent.filter { if case .send(.model, _, _, _, _) = $0 { true } else { false } }
        #expect(models.count == 2 && !sent.contains(.resetOptimizer))
        #expect(sent.last == .gradient(at: Term(1, .model)))
        var loser = try make(["samples": .integer(1)], me: 1)
        let waiting = effects(&loser, .start, ready, .scored(0.5), score(0.5, from: 0), score(0.4, from: 2))
        #expect(!waiting.contains { if case .send(.model, _, _, _, _) = $0 { true } else { false } })
        #expect(
            effects(&loser, .received(model, metadata: Metadata(tag: 2), from: 0)) == [
                .keep(model), .combine(into: .model, part: nil, [Term(1, .received(model))]), .release(model),
                .resetOptimizer, .gradient(at: Term(1, .model)),
            ])
    }

    @Test func theThresholdEndsTheRun() throws {
        var peer = try make(["samples": .integer(1), "threshold": .number(0.9)], me: 0)
        #expect(effects(&peer, .start, ready, .scored(0.8), score(0, from: 1), score(0, from: 2)).last != .finish)
        #expect(
            effects(&peer, ready, .scored(0.9), score(0, from: 1, round: 1), score(0, from: 2, round: 1)).last
                == .finish)
    }

    /// Who has made its steps is waited for in its last round, and in no later one.
    @Test func whoIsDoneIsNotWaitedFor() throws {
        var peer = try make(["samples": .integer(1)], me: 0)
        let first = effects(
            &peer, .start, ready, .scored(0.8), score(0, from: 1, isLast: true), score(0, from: 2))
        #expect(first.last == .gradient(at: Term(1, .model)))
        let second = effects(&peer, .peerLeft(1), ready, .scored(0.8), score(0, from: 2, round: 1))
        #expect(second.last == .gradient(at: Term(1, .model)))
        // A score that is no number loses against any.
        let third = effects(&peer, ready, .scored(.nan), score(-1e9, from: 2, round: 2))
        #expect(!third.contains { if case .send(.model, _, _, _, _) = $0 { true } else { false } })
    }

    /// All hold the same model after every round.
    @Test func allTakeOverTheBest() throws {
        var run = EveryAlgorithmTests.run("best-peer", "ring")
        run.steps = 30
        run.noise = 1
        run.network = EveryAlgorithmTests.unruly
        let models = try run.run(targets: (0..<5).map { [Float($0), 1] }).models
        #expect(models.allSatisfy { $0 == models[0] })
    }
}
