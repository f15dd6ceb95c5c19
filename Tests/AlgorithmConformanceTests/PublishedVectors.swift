import Configuration
import Gossip
import Simulator
import Testing

/// Four peers whose objectives have their minima at 1, 2, 4 and 9, exact gradients, a rate of 0.1, all from 0: their
/// models after one, two and three steps, to the digits given. They are those of
/// docs/oracles.md, "Four peers on a ring", of docs/oracles.md, "Four peers along a chain", and of
/// docs/oracles.md, "Four peers around a server, in periods and by push-sum".
struct PublishedVectors: Sendable, CustomTestStringConvertible {
    let algorithm: String
    var options: [String: OptionValue] = [:]
    var topology = "ring"
    /// The mixing matrix of a custom topology.
    var matrix: [[Double]]?
    /// Steps from one row to the next.
    var stepsPerRow: UInt64 = 1
    let rows: [[Double]]
    /// The centre's models after the same steps.
    var server: [Double]?

    var testDescription: String {
        algorithm + options.sorted { $0.key < $1.key }.map { " \($0)=\($1.written)" }.joined()
    }

    var topologyOptions: [String: OptionValue] {
        matrix.map { ["matrix": .list($0.map { .list($0.map { .number($0) }) })] } ?? [:]
    }

    /// What the peers have after so many rows, the server last.
    func expected(_ row: Int) -> [Double] { rows[row] + (server.map { [$0[row]] } ?? []) }

    static let all = [
        PublishedVectors(
            algorithm: "dpsgd", options: ["order": .text("combine-then-adapt")],
            rows: [
                [0.1, 0.2, 0.4, 0.9], [0.49, 0.413333, 0.86, 1.276667], [0.777667, 0.746444, 1.164, 1.647889],
            ]),
        PublishedVectors(
            algorithm: "dpsgd", options: ["order": .text("adapt-then-combine")],
            rows: [
                [0.4, 0.233333, 0.5, 0.466667], [0.73, 0.573333, 0.86, 0.876667], [1.054, 0.882333, 1.193, 1.206667],
            ]),
        PublishedVectors(
            algorithm: "gradient-tracking",
            rows: [
                [0.4, 0.233333, 0.5, 0.466667], [0.696667, 0.717778, 0.76, 0.865556],
                [1.080667, 1.033444, 1.113, 1.108889],
            ]),
        PublishedVectors(
            algorithm: "cdsgd",
            rows: [
                [0.1, 0.2, 0.4, 0.9], [0.49, 0.413333, 0.86, 1.276667], [0.777667, 0.746444, 1.164, 1.647889],
            ]),
        PublishedVectors(
            algorithm: "cdmsgd", options: ["variant": .text("polyak"), "momentum": .number(0.9)],
            rows: [
                [0.1, 0.2, 0.4, 0.9], [0.58, 0.593333, 1.22, 2.086667], [1.560667, 1.292444, 2.316, 3.054889],
            ]),
        PublishedVectors(
            algorithm: "cdmsgd", options: ["momentum": .number(0.9)],
            rows: [
                [0.1, 0.2, 0.4, 0.9], [0.571, 0.575333, 1.184, 2.005667], [1.475077, 1.223264, 2.17164, 2.848579],
            ]),
        PublishedVectors(
            algorithm: "cdmsgd", options: ["variant": .text("released-code"), "momentum": .number(0.9)],
            rows: [
                [0.19, 0.38, 0.76, 1.71], [0.9949, 0.913133, 1.8896, 3.000767],
                [1.775746, 1.749402, 2.889516, 4.3482],
            ]),
        // The matrix of the others has an eigenvalue of -1/3, which it refuses; this one has none below 0.
        PublishedVectors(
            algorithm: "d2", topology: "custom",
            matrix: [[0.5, 0.25, 0, 0.25], [0.25, 0.5, 0.25, 0], [0, 0.25, 0.5, 0.25], [0.25, 0, 0.25, 0.5]],
            rows: [
                [0.325, 0.225, 0.475, 0.575], [0.68875, 0.59375, 0.83125, 0.92625],
                [1.050063, 1.004812, 1.117938, 1.163188],
            ]),
        PublishedVectors(
            algorithm: "exact-diffusion",
            rows: [
                [0.25, 0.216667, 0.45, 0.683333], [0.601667, 0.496111, 0.855, 1.087222],
                [0.9785, 0.854685, 1.179389, 1.323426],
            ]),
        PublishedVectors(
            algorithm: "extra",
            rows: [
                [0.1, 0.2, 0.4, 0.9], [0.49, 0.413333, 0.86, 1.276667], [0.927667, 0.763111, 1.214, 1.431222],
            ]),
        PublishedVectors(
            algorithm: "qg-dsgdm",
            rows: [
                [0.4, 0.233333, 0.5, 0.466667], [0.763, 0.607333, 0.896, 0.917667],
                [1.15174, 0.977823, 1.29533, 1.312867],
            ]),
        PublishedVectors(
            algorithm: "decentlam",
            rows: [
                [0.4, 0.233333, 0.5, 0.466667], [1.09, 0.783333, 1.31, 1.296667],
                [1.972, 1.683333, 2.246, 2.322667],
            ]),
        PublishedVectors(
            algorithm: "relaysgd", options: ["missing": .text("start")],
            rows: [
                [0.075, 0.175, 0.375, 0.325], [0.23125, 0.540625, 0.596875, 0.5325],
                [0.658047, 0.781094, 0.792625, 0.693484], [0.931229, 1.02196, 0.962152, 0.87289],
            ]),
        PublishedVectors(
            algorithm: "relaysgd",
            rows: [
                [0.125, 0.225, 0.475, 0.775], [0.306875, 0.585625, 0.731875, 1.055625],
                [0.707688, 0.939859, 0.962078, 0.852813], [1.109745, 1.224681, 1.088866, 0.968241],
            ]),
        PublishedVectors(
            algorithm: "slowmo", options: ["period": .integer(2)], stepsPerRow: 2,
            rows: [0.76, 1.7556].map { [Double](repeating: $0, count: 4) }),
        PublishedVectors(
            algorithm: "diloco", options: ["period": .integer(2)], stepsPerRow: 2,
            rows: [1.0108, 2.19709084, 3.3625405].map { [Double](repeating: $0, count: 4) }),
        PublishedVectors(
            algorithm: "easgd",
            rows: [[0.1, 0.2, 0.4, 0.9], [0.1675, 0.335, 0.67, 1.5075], [0.294062, 0.507125, 0.93325, 1.998562]],
            server: [0, 0.36, 0.639]),
        PublishedVectors(
            algorithm: "sgp", topology: "one-peer-exponential",
            rows: [[0.5, 0.15, 0.3, 0.65], [0.61, 0.91, 0.61, 0.91], [1.184, 0.834, 0.984, 1.334]]),
    ]
}

@Suite struct PublishedVectorsTests {
    @Test(arguments: PublishedVectors.all) func theSimulatorFollowsThem(vectors: PublishedVectors) throws {
        for index in vectors.rows.indices {
            var run = QuadraticRun()
            run.algorithm = vectors.algorithm
            run.options = Options(vectors.options)
            run.topology = vectors.topology
            run.topologyOptions = Options(vectors.topologyOptions)
            run.steps = UInt64(index + 1) * vectors.stepsPerRow
            let simulation = try run.run(targets: [[1], [2], [4], [9]])
            for (model, expected) in zip(simulation.evaluated, vectors.expected(index)) {
                #expect(abs(Double(model[0]) - expected) <= 1e-6)
            }
            #expect(simulation.violations == [])
        }
    }
}
