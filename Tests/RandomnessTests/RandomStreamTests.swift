import Foundation
import Randomness
import Testing

@Suite struct RandomStreamTests {
    @Test func equalNamesGiveEqualNumbersAndAnyOtherNameOthers() {
        var streams = [
            RandomStream(seed: 7, purpose: .test, peer: 1, round: 2),
            RandomStream(seed: 7, purpose: .test, peer: 1, round: 2),
            RandomStream(seed: 8, purpose: .test, peer: 1, round: 2),
            RandomStream(seed: 7, purpose: .noise, peer: 1, round: 2),
            RandomStream(seed: 7, purpose: .test, peer: 2, round: 1),
            RandomStream(seed: 7, purpose: .test, peer: 1, round: 3),
        ]
        let first = streams.indices.map { streams[$0].next() }
        #expect(first[0] == first[1])
        #expect(Set(first).count == 5)
    }

    /// The first words of one named stream, so that no release changes what a seed means.
    @Test func numbersStayTheSameAcrossReleases() {
        var stream = RandomStream(seed: 1, purpose: .test)
        #expect((0..<3).map { _ in stream.next() } == golden)
        #expect(stream.integer(below: 1000) == 232)
    }

    private let golden: [UInt64] = [
        12_333_913_282_089_788_918, 17_045_330_696_592_368_218, 1_053_374_832_323_818_261,
    ]

    @Test func integersAreUniform() {
        var stream = RandomStream(seed: 3, purpose: .test)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[stream.integer(below: 7)] += 1 }
        // Chi-square with 6 degrees of freedom exceeds 22.5 with probability 0.001.
        let chiSquare = counts.map { Double(($0 - 10_000) * ($0 - 10_000)) / 10_000 }.reduce(0, +)
        #expect(chiSquare < 22.5)
    }

    @Test func normalHasItsMoments() {
        var stream = RandomStream(seed: 4, purpose: .test)
        let draws = (0..<100_000).map { _ in stream.normal() }
        let mean = draws.reduce(0, +) / 100_000
        let variance = draws.map { $0 * $0 }.reduce(0, +) / 100_000
        let kurtosis = draws.map { $0 * $0 * $0 * $0 }.reduce(0, +) / 100_000
        #expect(abs(mean) < 0.015)
        #expect(abs(variance - 1) < 0.02)
        #expect(abs(kurtosis - 3) < 0.15)
    }

    @Test func aPermutationHoldsEveryNumberOnceAndEveryOrderComes() {
        var stream = RandomStream(seed: 5, purpose: .test)
        #expect(stream.permutation(of: 100).sorted() == Array(0..<100))
        let orders = Set((0..<500).map { _ in stream.permutation(of: 4) })
        #expect(orders.count == 24)
        #expect(stream.permutation(of: 0).isEmpty)
    }

    @Test func bernoulliKeepsItsExtremes() {
        var stream = RandomStream(seed: 6, purpose: .test)
        #expect((0..<1000).allSatisfy { _ in !stream.bernoulli(0) })
        #expect((0..<1000).allSatisfy { _ in stream.bernoulli(1) })
    }

    /// Mean and variance of the gamma distribution are both its shape; for shapes below 1 the logarithm's mean is the
    /// digamma function's value.
    @Test(arguments: [(0.1, -10.4238), (0.5, -1.9635), (1, -0.5772), (3, 0.9228), (50, 3.9020)])
    func gammaHasItsMoments(shape: Double, meanOfLogarithm: Double) {
        var stream = RandomStream(seed: 7, purpose: .test)
        let logarithms = (0..<100_000).map { _ in stream.logarithmOfGamma(shape: shape) }
        let draws = logarithms.map(exp)
        let mean = draws.reduce(0, +) / 100_000
        let variance = draws.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 100_000
        #expect(abs(mean - shape) < 5 * (shape / 100_000).squareRoot())
        #expect(abs(variance / shape - 1) < 0.06)
        #expect(abs(logarithms.reduce(0, +) / 100_000 - meanOfLogarithm) < 0.02 * max(1, 1 / shape))
    }

    @Test(arguments: [0.001, 0.3, 1, 1000]) func dirichletIsAWholeInShares(concentration: Double) {
        var stream = RandomStream(seed: 8, purpose: .test)
        var squares = 0.0
        for _ in 0..<5000 {
            let shares = stream.dirichlet(concentration: concentration, count: 4)
            #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 })
            #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
            squares += shares.map { $0 * $0 }.reduce(0, +) / 5000
        }
        // E sum p^2 = (1 + a) / (1 + 4 a).
        #expect(abs(squares - (1 + concentration) / (1 + 4 * concentration)) < 0.02)
    }
}
