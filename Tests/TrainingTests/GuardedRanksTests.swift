import Records
import Runs
import TestKit
import Testing
import Vectors

@testable import Training

/// Runs over ranks whose peers are byzantine, do not believe all they hear, or compress.
@Suite struct GuardedRanksTests {
    /// Several peers a rank: models, tests of them, and what was sent.
    @Test(arguments: GuardedRun.all) func guardedRunsAreEqualToTheBit(run: GuardedRun) throws {
        let overrides =
            [
                "data.name=synthetic", "data.samples=200", "data.size=4", "model.name=mlp", "model.hidden=[7]",
                "batch=10", "peers=5", "epochs=5",
            ] + run.settings
        let here = try TrainingRun(RankedRun(ranks: 1, overrides: overrides).plan(), metrics: nil).run()
        let there = try RankedRun(ranks: 3, overrides: overrides).outcome()
        #expect(here.ending == .completed && there.ending == .completed)
        #expect(there.model.array().map(\.bitPattern) == here.model.array().map(\.bitPattern))
        #expect(there.peers == here.peers)
        #expect(there.summary.trust == here.summary.trust)
        #expect(there.summary.messagesByPair == here.summary.messagesByPair)
        #expect(there.summary.bytesSent == here.summary.bytesSent)
    }
}
