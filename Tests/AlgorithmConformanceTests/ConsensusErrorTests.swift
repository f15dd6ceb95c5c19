import Configuration
import Gossip
import Runtime
import Simulator
import Testing

/// Random walks: eight peers whose every step adds a normal number to every number of their model. How far apart do
/// they stay? The sum of the squared distances from the mean, a number of the model, is compared with the table of
/// docs/oracles.md, "How far apart random walks stay", and, where mathematics gives it, with the exact value.
@Suite struct ConsensusErrorTests {
    private static let peers = 8
    private static let numbers = 24

    private func walk(
        _ algorithm: String, _ options: [String: OptionValue], steps: Int, seed: UInt64
    ) throws -> Simulation {
        var run = QuadraticRun()
        (run.algorithm, run.options, run.seed) = (algorithm, Options(options), seed)
        (run.curvature, run.noise, run.rate, run.steps) = (0, 1, 1, UInt64(steps))
        run.network = TestNetwork(latencySeconds: 1e-6)
        // All step at the same moments; what was pushed in one step is there in the next.
        run.computeSeconds = { _, _ in 0.01 }
        let zero = [Float](repeating: 0, count: Self.numbers)
        let simulation = try run.simulation(targets: [[Float]](repeating: zero, count: Self.peers))
        simulation.start()
        return simulation
    }

    /// The error between two steps, on the average over the second half of the walk and over seeds. The stride is
    /// prime, so that every place in a period is met.
    private func error(
        _ algorithm: String, _ options: [String: OptionValue], steps: Int = 4000, seeds: UInt64
    ) throws -> Double {
        var (sum, count) = (0.0, 0)
        for seed in 0..<seeds {
            let simulation = try walk(algorithm, options, steps: steps, seed: seed)
            for step in stride(from: steps / 2, to: steps, by: 7) {
                simulation.run(until: Time(seconds: (Double(step) + 0.5) * 0.01))
                sum += squaredDistances(simulation.models)
                count += 1
            }
        }
        return sum / Double(count)
    }

    private func squaredDistances(_ models: [[Float]]) -> Double {
        var sum = 0.0
        for index in 0..<Self.numbers {
            let values = models.map { Double($0[index]) }
            let mean = values.reduce(0, +) / Double(Self.peers)
            for value in values { sum += (value - mean) * (value - mean) }
        }
        return sum / Double(Self.numbers)
    }

    /// The table's column of GoSGD. Over many seeds a plain program of the same rule gives 21, 131, 701 and 1395, give
    /// or take 3 %: the table's own numbers are of one walk each.
    @Test(arguments: [(0.5, 24.6, 1), (0.1, 133, 1), (0.02, 623, 4), (0.01, 1565, 6)])
    func ofGoSGD(probability: Double, expected: Double, seeds: UInt64) throws {
        let error = try error("gosgd", ["probability": .number(probability)], seeds: seeds)
        #expect(abs(error / expected - 1) < 0.3, "\(error)")
    }

    /// The table's column of pushes that are merged half and half. A push takes a share (n + 1) / (2 n (n - 1)) of the
    /// error, and a step adds n - 1: they balance at 2 (n - 1)^2 / ((n + 1) p), a little lower where many push at once.
    @Test(arguments: [(0.5, 22.3, 1), (0.1, 106, 1), (0.02, 543, 4), (0.01, 1034, 6)])
    func ofUnweightedPushes(probability: Double, expected: Double, seeds: UInt64) throws {
        let error = try error("gossip-push", ["probability": .number(probability)], seeds: seeds)
        #expect(abs(error / expected - 1) < 0.3, "\(error)")
        let exact = 2.0 * 49 / (9 * probability)
        #expect(abs(error / exact - 1) < 0.15, "\(error) for \(exact)")
    }

    /// The table's column of PerSyn. Between two averages the error grows by n - 1 a step from nothing: on the average
    /// (n - 1) (period - 1) / 2.
    @Test(arguments: [(2, 3.5), (10, 31.0), (50, 170), (100, 342)])
    func ofPerSyn(period: Int, expected: Double) throws {
        let error = try error("persyn", ["period": .integer(period)], steps: 200 + 40 * period, seeds: 1)
        #expect(abs(error / expected - 1) < 0.3, "\(error)")
        let exact = 7.0 * Double(period - 1) / 2
        #expect(abs(error / exact - 1) < 0.1, "\(error) for \(exact)")
    }
}
