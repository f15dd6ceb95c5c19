import Conditions
import Randomness
import Testing

@Suite struct LatencyTests {
    private func draws(_ latency: Latency, seed: UInt64 = 1, count: Int = 200_000) -> [Double] {
        var random = RandomStream(seed: seed, purpose: .network)
        return (0..<count).map { _ in latency.seconds(&random) }
    }

    private func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }

    private func deviation(_ numbers: [Double]) -> Double {
        let center = mean(numbers)
        return mean(numbers.map { ($0 - center) * ($0 - center) }).squareRoot()
    }

    @Test func constantNeverVaries() {
        #expect(Set(draws(.constant(0.002), count: 10)) == [0.002])
        #expect(Set(draws(Latency(.constant, meanSeconds: 0.002, spread: 0.5), count: 10)) == [0.002])
    }

    @Test(arguments: Latency.Shape.allCases) func withoutSpreadOrMeanNothingVaries(_ shape: Latency.Shape) {
        #expect(Set(draws(Latency(shape, meanSeconds: 0.5), count: 10)) == [0.5])
        #expect(Set(draws(Latency(shape, meanSeconds: 0, spread: 2), count: 10)) == [0])
    }

    @Test func normalHasItsMeanAndDeviation() {
        let drawn = draws(Latency(.normal, meanSeconds: 0.01, spread: 0.2))
        #expect(abs(mean(drawn) - 0.01) < 5e-5)
        #expect(abs(deviation(drawn) - 0.002) < 5e-5)
    }

    /// The mean of a normal distribution truncated at 0 whose deviation is its mean: m (1 + φ(1) / Φ(1)) = 1.2876 m.
    @Test func normalIsTruncatedAtZero() {
        let drawn = draws(Latency(.normal, meanSeconds: 1, spread: 1))
        #expect(drawn.allSatisfy { $0 >= 0 })
        #expect(!drawn.contains(0))
        #expect(abs(mean(drawn) - 1.2876) < 0.01)
    }

    /// With spread 0.5 the index is 1 + sqrt(5), the least delay 0.691 of the mean; a Pareto tail beyond x is
    /// (least / x) to the index.
    @Test func heavyTailIsParetoOfTheSameMean() {
        let drawn = draws(Latency(.heavyTailed, meanSeconds: 0.01, spread: 0.5), count: 1_000_000)
        let index = 1 + 5.0.squareRoot()
        let least = 0.01 * (index - 1) / index
        #expect(drawn.allSatisfy { $0 >= least * (1 - 1e-12) })
        #expect(abs(mean(drawn) - 0.01) < 5e-5)
        for (multiple, share) in [(2.0, 0.1061), (4, 0.01126), (8, 0.001195)] {
            let beyond = Double(drawn.filter { $0 > multiple * least }.count) / Double(drawn.count)
            #expect(abs(beyond - share) < 0.1 * share, "beyond \(multiple) times the least: \(beyond)")
        }
    }

    @Test(arguments: Latency.Shape.allCases) func theSameStreamGivesTheSameDelays(_ shape: Latency.Shape) {
        let latency = Latency(shape, meanSeconds: 0.01, spread: 0.3)
        #expect(draws(latency, seed: 7, count: 100) == draws(latency, seed: 7, count: 100))
        #expect(shape == .constant || draws(latency, seed: 7, count: 100) != draws(latency, seed: 8, count: 100))
    }
}
