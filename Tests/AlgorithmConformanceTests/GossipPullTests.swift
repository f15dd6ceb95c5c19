import Configuration
import Gossip
import Graphs
import Randomness
import Runtime
import Simulator
import Testing

@Suite struct GossipPullTests {
    private func run(_ options: [String: OptionValue], peers: Int, steps: UInt64, seed: UInt64 = 1) -> QuadraticRun {
        var run = EveryAlgorithmTests.run("gossip-pull", "complete")
        run.options = Options(options)
        run.steps = steps
        run.seed = seed
        return run
    }

    /// Pulled to consensus from standard normal starts, without gradients, the models meet away from the mean that they
    /// began with: 0.37, 0.31 and 0.23 root mean square for 4, 8 and 16 peers: see
    /// docs/oracles.md, "Where one-sided averaging ends".
    ///
    /// The mean is kept in expectation only. A pull moves it by (x_j - x_i) / 2n and takes a share
    /// (n + 1) / (2 n (n - 1)) of the squared distances V, so that in all it wanders by a variance of V / (n (n + 1)),
    /// where V begins at n - 1: where the models meet has 2 n / (n + 1) times the variance of the exact average.
    @Test(arguments: [(4, 0.37), (8, 0.31), (16, 0.23)]) func theMeanDrifts(peers: Int, expected: Double) throws {
        // Every number of a long vector is a start of its own; who asks whom is drawn again in every run. Pulls are
        // rare, so that they come one after the other: the mean drifts less when many pull at once.
        let (runs, numbers) = (150, 20)
        var (sum, squares, ends, spread) = (0.0, 0.0, 0.0, 0.0)
        for seed in 0..<UInt64(runs) {
            var random = RandomStream(seed: seed, purpose: .initialization)
            var run = run(["probability": .number(0.05)], peers: peers, steps: 500, seed: seed)
            run.curvature = 0
            run.network = TestNetwork(latencySeconds: 1e-5)
            let starts = (0..<peers).map { _ in (0..<numbers).map { _ in Float(random.normal()) } }
            run.starts = starts
            let zero = [Float](repeating: 0, count: numbers)
            let models = try run.run(targets: [[Float]](repeating: zero, count: peers)).models
            for index in 0..<numbers {
                let mean = starts.map { Double($0[index]) }.reduce(0, +) / Double(peers)
                let end = models.map { Double($0[index]) }.reduce(0, +) / Double(peers)
                for model in models { spread = max(spread, abs(Double(model[index]) - end)) }
                sum += end - mean
                squares += (end - mean) * (end - mean)
                ends += end * end
            }
        }
        #expect(spread < 0.02, "\(spread)")
        let (n, count) = (Double(peers), Double(runs * numbers))
        let drift = (squares / count).squareRoot()
        #expect(abs(drift / expected - 1) < 0.1, "\(drift)")
        let exact = ((n - 1) / (n * (n + 1))).squareRoot()
        #expect(abs(drift / exact - 1) < 0.06, "\(drift) for \(exact)")
        #expect(abs(sum / count) < 5 * exact / count.squareRoot(), "\(sum / count)")
        #expect(abs(n * ends / count / (2 * n / (n + 1)) - 1) < 0.1, "\(n * ends / count)")
    }

    @Test func aPullEveryPeriod() throws {
        let simulation = try run(["period": .integer(3)], peers: 4, steps: 10).run(targets: (0..<4).map { [Float($0)] })
        let asked = (0..<4).map { simulation.statistics(of: PeerID($0)) }
        // Steps 0, 3, 6 and 9 begin with one; each is answered once.
        let messages: Int = asked.reduce(0) { $0 + $1.messagesSent }
        let bytes: Int = asked.reduce(0) { $0 + $1.bytesSent }
        #expect(messages == 4 * 4 * 2)
        #expect(bytes == 4 * 4 * 4)
    }

    @Test func orByChance() throws {
        let simulation = try run(["probability": .number(0.25)], peers: 4, steps: 400).run(
            targets: (0..<4).map { [Float($0)] })
        let pulls = (0..<4).map { simulation.statistics(of: PeerID($0)).messagesSent }.reduce(0, +) / 2
        #expect((320...480).contains(pulls))
        let never = try run(["probability": .integer(0)], peers: 4, steps: 40).run(targets: (0..<4).map { [Float($0)] })
        #expect(never.statistics(of: 0).messagesSent == 0)
    }

    @Test func notByBoth() throws {
        let error = try #require(throws: ConfigurationError.self) {
            _ = try run(["period": .integer(2), "probability": .number(0.5)], peers: 2, steps: 1).simulation(
                targets: [[1], [2]])
        }
        #expect(error.key == "probability")
        #expect(error.message.contains("leave one of the two out"))
    }

    /// The answer comes while the gradient is computed: a network faster than a gradient costs no time.
    @Test func theAnswerHidesBehindTheGradient() throws {
        var run = run([:], peers: 4, steps: 50)
        run.network = TestNetwork(latencySeconds: 0.003)
        let simulation = try run.simulation(targets: (0..<4).map { [Float($0)] })
        simulation.start()
        simulation.run(until: Time(seconds: 50 * 0.013))
        for peer in 0..<4 { #expect(simulation.isFinished(PeerID(peer))) }
    }
}
