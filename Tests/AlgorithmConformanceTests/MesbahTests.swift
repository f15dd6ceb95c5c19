import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct MesbahTests {
    private let ready = Event.gradientReady(loss: 1, learningRate: 1, samples: 1)

    private func make(_ options: [String: OptionValue], me: Int = 0, peers: Int = 5) throws -> any Algorithm {
        let setup = Setup(
            me: PeerID(me), peers: peers, seed: 3, graph: try Graph("complete", peers: peers), samples: 1,
            stepsPerEpoch: 1, steps: 1_000_000)
        return try Algorithms.make("mesbah", setup, options: Options(options))
    }

    /// With whom a step's pull is merged, and by which weight on the other; nil for steps without a pull.
    private func pulls(_ algorithm: inout any Algorithm, steps: Int) -> [(peer: PeerID, weight: Double)?] {
        var effects = Effects()
        algorithm.handle(.start, now: .zero, &effects)
        return (0..<steps).map { step in
            effects.removeAll()
            algorithm.handle(ready, now: .zero, &effects)
            guard case .send(nil, _, let metadata, let peer, _)? = effects.list.last else { return nil }
            effects.removeAll()
            let payload = PayloadID(rawValue: UInt64(step) + 1)
            algorithm.handle(.received(payload, metadata: metadata, from: peer), now: .zero, &effects)
            guard case .combine(.model, _, let terms)? = effects.list.first else { return nil }
            #expect(abs(terms.weight(of: .model) + terms.weight(of: .received(payload)) - 1) < 1e-12)
            return (peer, terms[1].weight)
        }
    }

    /// Weights of a fifth each: the first pull from a peer counts 0.1 to 0.2, the own weight grows by what was merged,
    /// and the other's is never made good.
    @Test func weightsDecay() throws {
        var algorithm = try make(["probability": .number(1)])
        var (own, others) = (0.2, [Double](repeating: 0.2, count: 5))
        let pulls = pulls(&algorithm, steps: 300)
        for case (let peer, let weight)? in pulls {
            others[peer.rawValue] /= 2
            #expect(abs(weight - others[peer.rawValue] / (own + others[peer.rawValue])) < 1e-12)
            own += others[peer.rawValue]
        }
        #expect(pulls.allSatisfy { $0 != nil })
        // docs/oracles.md, "Weights that only decay": next to nothing by the end of the notebook's first epoch.
        #expect(pulls[79].map(\.weight) ?? 1 < 1e-3)
        #expect(pulls[299].map(\.weight) ?? 1 < 1e-15)
    }

    /// Fixed weights of 1/n are plain averages with peers drawn uniformly, as often as the probability says.
    @Test func fixedWeightsAverage() throws {
        var algorithm = try make(["rule": .text("fixed")], me: 2)
        let pulls = pulls(&algorithm, steps: 4000)
        let made = pulls.compactMap { $0 }
        #expect((700...900).contains(made.count))
        #expect(made.allSatisfy { $0.weight == 0.5 })
        let counts = (0..<5).map { peer in made.filter { $0.peer.rawValue == peer }.count }
        #expect(counts[2] == 0)
        for peer in [0, 1, 3, 4] { #expect((150...250).contains(counts[peer])) }
    }

    @Test func theNotebooksMatrices() throws {
        let always: [String: OptionValue] = ["rule": .text("fixed"), "probability": .number(1)]
        var random = try make(always.merging(["matrix": .text("random")]) { $1 })
        let made = pulls(&random, steps: 200).compactMap { $0 }
        // Peer 0 puts 0.40625 on itself, 0.53125 on peer 1, 0.0625 on peer 4 and nothing on the others.
        #expect(Set(made.map(\.peer)) == [1, 4])
        for pull in made {
            #expect(abs(pull.weight - (pull.peer == 1 ? 0.53125 / 0.9375 : 0.0625 / 0.46875)) < 1e-12)
        }
        // In turn with peers 2, 3, 4 and 1: the first pull is merged in the batch numbered 1.
        var periodic = try make(always.merging(["matrix": .text("periodic")]) { $1 })
        for (step, pull) in pulls(&periodic, steps: 200).enumerated() {
            guard let pull else { continue }
            #expect(pull.peer.rawValue == [2, 3, 4, 1][step % 4] && pull.weight == 0.5)
        }
        #expect(throws: ConfigurationError.self) {
            try make(always.merging(["matrix": .text("periodic")]) { $1 }, peers: 4)
        }
        #expect(throws: ConfigurationError.self) { try make(["matrix": .text("periodic")]) }
        // Of other numbers of peers the matrix is drawn, the same for the same seed.
        var (one, same) = (
            try make(always.merging(["matrix": .text("random")]) { $1 }, peers: 7),
            try make(always.merging(["matrix": .text("random")]) { $1 }, peers: 7)
        )
        #expect(pulls(&one, steps: 50).map { $0?.weight } == pulls(&same, steps: 50).map { $0?.weight })
    }
}
