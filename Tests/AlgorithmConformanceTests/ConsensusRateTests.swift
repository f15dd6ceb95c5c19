import Configuration
import Foundation
import Gossip
import Graphs
import Randomness
import Simulator
import Spectra
import Testing

/// Nothing but mixing, by D-PSGD without gradients: models come nearer each other as the matrices' spectra say.
@Suite struct ConsensusRateTests {
    /// Starts of several numbers for each peer, drawn from the normal distribution, of mean zero: distances may then
    /// shrink to a hundred-millionth before float32 ends them.
    private func starts(_ peers: Int) -> [[Float]] {
        var random = RandomStream(seed: 5, purpose: .test)
        let columns = (0..<6).map { _ in
            let values = (0..<peers).map { _ in random.normal() }
            let mean = values.reduce(0, +) / Double(peers)
            return values.map { Float($0 - mean) }
        }
        return (0..<peers).map { peer in columns.map { $0[peer] } }
    }

    private func models(_ topology: String, _ peers: Int, _ options: Options, rounds: UInt64) throws -> [[Float]] {
        var run = QuadraticRun()
        run.algorithm = "dpsgd"
        (run.topology, run.topologyOptions, run.steps, run.curvature) = (topology, options, rounds, 0)
        run.starts = starts(peers)
        return try run.run(targets: [[Float]](repeating: [Float](repeating: 0, count: 6), count: peers)).models
    }

    /// The root mean square distance of the models from their mean.
    private func distance(_ models: [[Float]]) -> Double {
        var sum = 0.0
        for index in models[0].indices {
            let values = models.map { Double($0[index]) }
            let mean = values.reduce(0, +) / Double(values.count)
            for value in values { sum += (value - mean) * (value - mean) }
        }
        return (sum / Double(models.count)).squareRoot()
    }

    /// The factor a round in the line of least squares through the logarithms of the distances, measured each so many
    /// periods in the second half of the way to a hundred-millionth.
    private func contraction(_ topology: String, _ peers: Int, _ options: Options, expected: Double, period: Int) throws
        -> Double
    {
        let last = Int(log(1e-8) / log(expected))
        let stride = max(period, last / 20 / period * period)
        let rounds = Swift.stride(from: (last / 2) / period * period, through: last, by: stride).map { $0 }
        let logarithms = try rounds.map { round in
            log(distance(try models(topology, peers, options, rounds: UInt64(round))))
        }
        let count = Double(rounds.count)
        let (x, y) = (Double(rounds.reduce(0, +)) / count, logarithms.reduce(0, +) / count)
        var (above, below) = (0.0, 0.0)
        for (round, logarithm) in zip(rounds, logarithms) {
            above += (Double(round) - x) * (logarithm - y)
            below += (Double(round) - x) * (Double(round) - x)
        }
        return exp(above / below)
    }

    @Test(
        arguments: [
            ("ring", 5, [:]), ("ring", 8, [:]), ("ring", 16, [:]), ("ring", 9, ["mixing": .text("lazy")]),
            ("ring", 8, ["mixing": .text("random-doubly-stochastic")]), ("torus", 16, [:]), ("torus", 12, [:]),
            ("exponential", 8, [:]), ("exponential", 16, [:]), ("exponential", 11, [:]),
            ("one-peer-exponential", 6, [:]),
            ("one-peer-exponential", 12, [:]),
            ("one-peer-exponential", 11, ["mixing": .text("random-doubly-stochastic")]),
            ("star", 6, [:]), ("chain", 7, ["mixing": .text("best-constant")]), ("periodic", 7, [:]),
            ("periodic", 8, [:]),
        ] as [(String, Int, [String: OptionValue])])
    func modelsMeetAsFastAsTheSpectrumSays(topology: String, peers: Int, options: [String: OptionValue]) throws {
        let options = Options(options)
        let matrix = MixingMatrix(try Graph(topology, peers: peers, options: options))
        try #require(matrix.isDoublyStochastic)
        let expected = Spectrum(of: matrix).secondModulus
        let found = try contraction(topology, peers, options, expected: expected, period: Int(matrix.period))
        #expect(abs(found / expected - 1) < 0.02, "\(found) a round, and the spectrum says \(expected)")
    }

    /// Farthest of any number from the mean of the starts, which is zero.
    private func farthest(_ topology: String, _ peers: Int, _ options: Options, rounds: UInt64) throws -> Float {
        try models(topology, peers, options, rounds: rounds).joined().reduce(0) { max($0, abs($1)) }
    }

    /// Of 2^k peers all hold the average after k rounds, and not one before.
    @Test(arguments: 1...6) func onePeerRoundsAverageExactly(power: Int) throws {
        let peers = 1 << power
        let options = Options()
        #expect(try farthest("one-peer-exponential", peers, options, rounds: UInt64(power)) <= 1e-5)
        guard power > 1 else { return }
        #expect(try farthest("one-peer-exponential", peers, options, rounds: UInt64(power - 1)) > 1e-2)
    }

    /// Any number of peers holds the average after a period, of up to 1, 2, 3 or 4 neighbours a round, and not a round
    /// before.
    @Test(arguments: 2...25, 1...4) func aPeriodOfBaseKAveragesExactly(peers: Int, degree: Int) throws {
        let options = Options(["degree": .integer(degree)])
        let period = try Graph("base-k", peers: peers, options: options).period
        #expect(try farthest("base-k", peers, options, rounds: period) <= 1e-5)
        guard period > 1 else { return }
        #expect(try farthest("base-k", peers, options, rounds: period - 1) > 1e-2)
    }
}
