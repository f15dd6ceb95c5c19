import Configuration
import Gossip
import Records
import Runs
import Runtime
import TestKit
import Testing

@testable import Checkpoints
@testable import Experiments
@testable import Training
@testable import Workloads

@Suite struct WorkloadsTests {
    @Test func everyModelBelongsToOneWorkload() {
        let names = Workloads.all.flatMap(\.kind.models).map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Workloads.all.map(\.kind.readsData) == [true, false])
        var experiment = Experiment()
        #expect(experiment.workload.kind.readsData)
        experiment.model.name = "quadratic"
        #expect(!experiment.workload.kind.readsData)
    }

    private func plan(_ overrides: String...) throws -> TrainingPlan {
        let base = ["model.name=softmax", "optimizer.name=sgd", "optimizer.learning_rate=0.1"]
        let experiment = try LoadedExperiment(file: nil, overrides: base + overrides, registries: .all).experiment
        return try TrainingPlan(experiment, LineWorkload(peers: experiment.peers))
    }

    /// A learner is flat numbers in and a gradient out: a run needs to know no more of what is learned.
    @Test func aLearnerThatNobodyKnowsLearns() throws {
        let run = try TrainingRun(plan("peers=1", "algorithm.name=centralized", "steps=2"), metrics: nil)
        let model = try #require(run.run().summary.models)[0]
        // Errors 0 at (1, 0), pulled by nothing; then -1 at (2, 1) with a mean of 1/2.
        #expect(abs(model[0] - 0.2) < 1e-6)
        #expect(abs(model[1] - 0.0995) < 1e-6)
    }

    @Test(arguments: ["allreduce", "dpsgd"]) func itsStateIsItsOwnAndGoesOn(_ algorithm: String) throws {
        try withTemporaryFolder { folder in
            let settings = ["peers=3", "algorithm.name=\(algorithm)", "checkpoint.every_epochs=2"]
            func plan(_ epochs: Int) throws -> TrainingPlan {
                try self.plan(settings[0], settings[1], settings[2], "epochs=\(epochs)")
            }
            let whole = try TrainingRun(plan(3), metrics: nil).run().summary.models
            let folder = CheckpointFolder(run: folder, keepLast: 5)
            _ = try TrainingRun(plan(3), metrics: nil, checkpoints: folder).run()
            let name = try #require(CheckpointFolder.names(in: folder.path).first)
            let checkpoint = try Checkpoint(verifying: "\(folder.path)/\(name)")
            #expect(checkpoint.manifest.step == 20)
            let rest = try TrainingRun(plan(3), metrics: nil, from: checkpoint).run().summary.models
            #expect(rest == whole)
        }
    }
}
