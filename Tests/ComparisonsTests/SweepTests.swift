import Experiments
import Testing

@testable import Comparisons

@Suite struct SweepTests {
    private func sweep(_ axes: [String], _ settings: [String] = [], host: RunHost = .threads) throws -> Sweep {
        try Sweep(
            files: [], settings: settings, axes: axes.map { text throws(ExperimentError) in try SettingAxis(text) },
            host: host, registries: .all)
    }

    @Test func everyCombinationIsARowAndSeedsAreNone() throws {
        let sweep = try sweep(["algorithm.name=gosgd,dpsgd", "seed=1,2,3", "peers=4,8"], ["epochs=1"])
        #expect(sweep.labels == ["algorithm.name", "peers"])
        #expect(sweep.rows.map(\.labels) == [["gosgd", "4"], ["gosgd", "8"], ["dpsgd", "4"], ["dpsgd", "8"]])
        #expect(sweep.rows.allSatisfy { $0.runs.count == 3 })
        #expect(Set(sweep.runs.map(\.name)).count == 12)
        #expect(sweep.runs[0].settings == ["epochs=1", "algorithm.name=gosgd", "peers=4", "seed=1"])
    }

    @Test func withoutAxesThereIsOneRun() throws {
        let sweep = try sweep([])
        #expect(sweep.rows.count == 1)
        #expect(sweep.runs.count == 1)
    }

    /// What is wrong with the last run is said before the first begins.
    @Test func wrongSettingsAreRefusedAtOnce() {
        #expect(throws: ExperimentError.self) { try sweep(["algorithm.name=gosgd,gosdg"]) }
        #expect(throws: ExperimentError.self) { try sweep(["peers=4,0"]) }
    }

    @Test func hostsAreOtherRunsAndOtherCommands() throws {
        let (threads, simulated) = (try sweep([]).runs[0], try sweep([], host: .simulator).runs[0])
        #expect(threads.name != simulated.name)
        #expect(threads.arguments(output: "x").first == "train")
        #expect(simulated.arguments(output: "x").first == "simulate")
        let ranks = try sweep([], host: .ranks(2)).runs[0]
        #expect(ranks.settings.contains("transport.name=mpi"))
    }
}
