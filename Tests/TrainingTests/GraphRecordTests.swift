import Datasets
import Foundation
import Testing

@testable import Experiments
@testable import Records
@testable import Runs
@testable import Training

/// Who may send to whom in a run, as it is recorded.
@Suite struct GraphRecordTests {
    private func record(_ overrides: String...) throws -> GraphRecord? {
        let small = ["model.name=quadratic", "model.targets=[[1]]", "steps=3"]
        let loaded = try LoadedExperiment(file: nil, overrides: small + overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil)).graphRecord
    }

    private func targets(_ peers: Int) -> String {
        "model.targets=[\((0..<peers).map { "[\($0)]" }.joined(separator: ","))]"
    }

    /// The eigenvalues of a ring of n with weights of a third are (1 + 2 cos(2 pi k / n)) / 3.
    @Test func aRingAndItsSpectrum() throws {
        let record = try #require(
            try record("algorithm.name=dpsgd", "topology.name=ring", "peers=6", targets(6)))
        #expect(record.receivers == [[1, 5], [0, 2], [1, 3], [2, 4], [3, 5], [0, 4]])
        #expect(record.name == "ring" && record.period == 1 && record.columns == nil)
        let eigenvalues: [Double] = (0..<6).map { number in
            let angle = Double(number) * .pi / 3
            return (1 + 2 * cos(angle)) / 3
        }
        let expected = eigenvalues.map { abs($0) }.sorted(by: >)
        for (modulus, other) in zip(try #require(record.moduli), expected) { #expect(abs(modulus - other) < 1e-12) }
        #expect(abs(try #require(record.spectralGap) - 1.0 / 3) < 1e-12)
        #expect(GraphRecord(Data(record.text.utf8)) == record)
    }

    @Test func aTorusKeepsItsRows() throws {
        let record = try record("algorithm.name=dpsgd", "topology.name=torus", "peers=12", targets(12))
        #expect(record?.columns == 4)
    }

    /// In each round a peer sends to one other; over a period to all whose distance is a power of two.
    @Test func aGraphThatVariesTellsWhoEverSendsToWhom() throws {
        let record = try #require(
            try record("algorithm.name=sgp", "topology.name=one-peer-exponential", "peers=8", targets(8)))
        #expect(record.period == 3 && record.receivers[0] == [1, 2, 4])
        #expect(abs(try #require(record.spectralGap) - 1) < 1e-4)
    }

    @Test func whoMixesByNoMatrixHasNoSpectrum() throws {
        let record = try #require(try record("algorithm.name=allreduce", "peers=3", targets(3)))
        #expect(record.moduli == nil && record.spectralGap == nil && record.receivers.count == 3)
    }

    @Test func ofManyPeersNothingIsRecorded() throws {
        #expect(try record("algorithm.name=allreduce", "peers=257", targets(257)) == nil)
    }
}
