import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct CHOCOTests {
    private func run(_ algorithm: String, steps: UInt64, compression: String, rate: Double = 0.5) throws
        -> Simulation
    {
        var run = QuadraticRun()
        run.algorithm = algorithm
        run.steps = steps
        run.compression = compression
        if compression == "topk" { run.compressionOptions = Options(["ratio": .number(0.5)]) }
        run.linkRate = rate
        run.network = EveryAlgorithmTests.unruly
        return try run.run(targets: [[1, -2], [3, 0.5], [-1, 4]])
    }

    /// Algorithm 1 by hand: three peers that all know each other, gamma 0.5, of two numbers the greater, 0 at first.
    /// What the paper has at the end of a step is ours before the gossip that already belongs to the next.
    @Test(
        arguments: [
            (1, [[0.1, -0.2], [0.3, 0.05], [-0.1, 0.4]], [[0, 0], [0, 0], [0, 0]]),
            (2, [[0.19, -0.38], [0.57, 0.095], [-0.19, 0.76]], [[0, -0.2], [0.3, 0], [0, 0.4]]),
            (
                3, [[0.316, -0.422], [0.723, 0.1655], [-0.226, 0.934]], [[0.24, -0.2], [0.47, 0], [0, 0.593333333]]
            ),
        ] as [(UInt64, [[Double]], [[Double]])])
    func thePublishedSteps(steps: UInt64, models: [[Double]], replicas: [[Double]]) throws {
        let simulation = try run("choco", steps: steps, compression: "topk")
        #expect(simulation.violations == [])
        for peer in 0..<3 {
            let replica = simulation.values(of: .told(PeerID((peer + 1) % 3), tag: 0), peer: PeerID(peer))
            for number in 0..<2 {
                #expect(abs(Double(replica[number]) - replicas[peer][number]) < 1e-6)
                let mean = replicas.reduce(0) { $0 + $1[number] } / 3
                let gossiped = models[peer][number] + 0.5 * (mean - replicas[peer][number])
                #expect(abs(Double(simulation.models[peer][number]) - gossiped) < 1e-6)
            }
        }
    }

    /// The mean is that of one peer that goes along the mean gradient, whatever the links leave out.
    @Test func theMeanIsGradientDescent() throws {
        let means = [[0.1, 0.0833333], [0.19, 0.1583333], [0.271, 0.2258333], [0.3439, 0.28658333]]
        for (index, mean) in means.enumerated() {
            let models = try run("choco", steps: UInt64(index + 1), compression: "topk").models
            for number in 0..<2 {
                #expect(abs(Double(models.reduce(0) { $0 + $1[number] }) / 3 - mean[number]) < 1e-6)
            }
        }
    }

    @Test func withoutCompressionItIsDPSGD() throws {
        #expect(
            try run("choco", steps: 30, compression: "none").models
                == run("dpsgd", steps: 30, compression: "none").models)
    }

    @Test func overThinLinksDPSGDIsCHOCO() throws {
        #expect(
            try run("choco", steps: 30, compression: "sign").models
                == run("dpsgd", steps: 30, compression: "sign").models)
    }

    /// Far apart at first, close in the end, with the mean where it was: replicas make up for what messages leave out.
    @Test(arguments: ["topk", "sign", "randomk", "qsgd", "bf16", "fp16", "int8"])
    func gossipAloneFindsTheMean(compression: String) throws {
        var run = QuadraticRun()
        run.algorithm = "choco"
        run.topology = "ring"
        run.steps = 300
        run.curvature = 0
        run.compression = compression
        if compression.hasSuffix("k") { run.compressionOptions = Options(["ratio": .number(0.34)]) }
        run.linkRate = 0.3
        run.starts = (0..<8).map { [Float($0), Float($0 * $0 % 7), 1] }
        let simulation = try run.run(targets: run.starts ?? [])
        #expect(simulation.violations == [])
        for number in 0..<3 {
            let mean = (run.starts ?? []).reduce(0) { $0 + $1[number] } / 8
            for model in simulation.models { #expect(abs(model[number] - mean) < 1e-3) }
        }
    }
}
