import Configuration
import Testing

@testable import Gossip
@testable import Graphs

@Suite struct D2Tests {
    private func setup(_ topology: String, _ peers: Int, _ options: [String: OptionValue] = [:]) throws -> Setup {
        let graph = try Graph(topology, peers: peers, options: Options(options))
        return Setup(me: 0, peers: peers, seed: 1, graph: graph, samples: 1, stepsPerEpoch: 1, steps: 1)
    }

    private func refusal(_ topology: String, _ peers: Int, _ options: [String: OptionValue] = [:]) -> String? {
        do {
            _ = try Algorithms.make("d2", setup(topology, peers, options), options: Options())
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// An even ring with weights of 1/3 has the eigenvalue -1/3 exactly, and lies on the border of what converges.
    @Test(arguments: [4, 6, 8, 50, 500]) func anEvenRingIsRefused(peers: Int) throws {
        let message = try #require(refusal("ring", peers))
        #expect(message.contains("choose exact-diffusion"))
        #expect(message.contains("topology.mixing=lazy"))
        #expect(refusal("ring", peers, ["mixing": .text("lazy")]) == nil)
    }

    @Test func whatElseIsRefused() throws {
        #expect(refusal("ring", 5) == nil)
        #expect(refusal("complete", 8) == nil)
        #expect(refusal("torus", 16)?.contains("-0.6") == true)
        #expect(refusal("one-peer-exponential", 8) != nil)
        #expect(refusal("star", 8, ["mixing": .text("uniform")]) != nil)
    }

    /// docs/oracles.md, "Spectra", and closed forms.
    @Test func theLeastEigenvalue() throws {
        func least(_ topology: String, _ peers: Int, _ options: [String: OptionValue] = [:]) throws -> Double {
            try setup(topology, peers, options).mixing.leastEigenvalue
        }
        #expect(abs(try least("ring", 5) + 0.206011) < 1e-6)
        for peers in [4, 10, 64, 1000] { #expect(abs(try least("ring", peers) + 1 / 3.0) < 1e-12) }
        #expect(abs(try least("complete", 7)) < 1e-12)
        #expect(try least("complete", 1) == 1)
        #expect(abs(try least("complete", 2)) < 1e-12)
        #expect(abs(try least("hypercube", 8) + 0.5) < 1e-12)
        #expect(abs(try least("ring", 8, ["mixing": .text("lazy")]) - 1 / 3.0) < 1e-12)
    }
}
