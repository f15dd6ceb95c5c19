import TestKit
import Testing

@testable import Reports

@Suite struct RunLabelsTests {
    private func labels(_ configurations: [String?]) throws -> [String] {
        let runs = try configurations.enumerated().map {
            try TestRun.read(["config.yaml": $0.element], named: "run-\($0.offset)")
        }
        return RunRecords.named(runs).map(\.label)
    }

    @Test func runsGoByWhatTheyDifferIn() throws {
        #expect(
            try labels([
                "seed: 1\nalgorithm: { name: gosgd, probability: 0.1 }", "seed: 2\nalgorithm: { name: dpsgd }",
            ]) == ["gosgd, seed=1", "dpsgd, seed=2"])
        #expect(try labels(["name: a\npeers: 2", "name: b\npeers: 4"]) == ["peers=2", "peers=4"])
        #expect(try labels(["name: a\npeers: 2", "name: b\npeers: 2"]) == ["a", "b"])
    }

    @Test func lastWordsThatAreTheSameAreToldApart() throws {
        #expect(
            try labels(["a: { period: 1 }\nb: { period: 2 }", "a: { period: 3 }\nb: { period: 4 }"])
                == ["a.period=1, b.period=2", "a.period=3, b.period=4"])
    }

    /// What does not tell runs apart is helped by their folders.
    @Test func noTwoLabelsAreTheSame() throws {
        #expect(try labels(["seed: 1", "seed: 1"]) == ["run-0", "run-1"])
        #expect(try labels([nil, nil]) == ["run-0", "run-1"])
        #expect(try labels(["seed: 1", "seed: 1", "seed: 2"]) == ["seed=1 (run-0)", "seed=1 (run-1)", "seed=2"])
        #expect(try labels(["seed: 1", nil]) == ["seed=1", "run-1"])
    }

    @Test func longValuesAreCut() throws {
        let long = String(repeating: "x", count: 10_000)
        let found = try labels(["name: a\ndata: { path: \(long)1 }", "name: a\ndata: { path: \(long)2 }"])
        #expect(found.allSatisfy { $0.count < 80 } && Set(found).count == 2, "\(found)")
    }
}
