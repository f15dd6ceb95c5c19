import Configuration
import Gossip
import Simulator
import Testing

/// The vectors of the reference, section 15.4: four peers whose objectives have their minima at 1, 2, 4 and 9, exact
/// gradients, a rate of 0.1, all from 0; the models after one, two and three steps, to the digits given.
struct PublishedVectors: Sendable, CustomTestStringConvertible {
    let algorithm: String
    var options: [String: String] = [:]
    var topology = "ring"
    let rows: [[Double]]

    var testDescription: String { algorithm + (options.isEmpty ? "" : " \(options)") }

    static let all = [
        PublishedVectors(
            algorithm: "dpsgd", options: ["order": "combine-then-adapt"],
            rows: [
                [0.1, 0.2, 0.4, 0.9], [0.49, 0.413333, 0.86, 1.276667], [0.777667, 0.746444, 1.164, 1.647889],
            ]),
        PublishedVectors(
            algorithm: "dpsgd", options: ["order": "adapt-then-combine"],
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
            algorithm: "sgp", topology: "one-peer-exponential",
            rows: [[0.5, 0.15, 0.3, 0.65], [0.61, 0.91, 0.61, 0.91], [1.184, 0.834, 0.984, 1.334]]),
    ]
}

@Suite struct PublishedVectorsTests {
    @Test(arguments: PublishedVectors.all) func theSimulatorFollowsThem(vectors: PublishedVectors) throws {
        for (index, row) in vectors.rows.enumerated() {
            var run = QuadraticRun()
            run.algorithm = vectors.algorithm
            run.options = Options(vectors.options.mapValues { .text($0) })
            run.topology = vectors.topology
            run.steps = UInt64(index + 1)
            let simulation = try run.run(targets: [[1], [2], [4], [9]])
            for (model, expected) in zip(simulation.evaluated, row) {
                #expect(abs(Double(model[0]) - expected) <= 1e-6)
            }
            #expect(simulation.violations == [])
        }
    }
}
