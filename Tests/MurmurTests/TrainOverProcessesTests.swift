import Datasets
import Foundation
import Runs
import TestKit
import Testing

@testable import Experiments
@testable import Records
@testable import Training

/// `murmur train` in processes of this machine, which `script/processes` begins.
@Suite(.serialized) struct TrainOverProcessesTests {
    private func onThreads(_ overrides: [String]) throws -> TrainingOutcome {
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        return try TrainingRun(TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil)), metrics: nil).run()
    }

    private func inProcesses(_ ranks: Int, _ overrides: [String]) throws -> Summary {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let launcher = [
            // Tests run on threads that block signals, which what they start would inherit.
            "--default-signal", root.appending(path: "script/processes").path, "-n", "\(ranks)", try Command.path,
        ]
        let train = ["train", "transport.name=processes", "transport.silence_seconds=30", "--json", "--output", "run"]
        return try withTemporaryFolder { folder in
            let called = try Process.prepared("/usr/bin/env", launcher + train + overrides, in: folder)
                .called(in: folder)
            #expect(called.code == 0, "\(called.errors)")
            return try Summary(text: called.output)
        }
    }

    /// A step in time, one that reads the gradient, and one with a server, which has a process of its own.
    @Test(arguments: [("dpsgd", 4), ("allreduce", 4), ("fedavg", 5)]) func peersEndAtTheBitsOfThreads(
        algorithm: String, ranks: Int
    ) throws {
        let overrides = [
            "model.name=quadratic", "model.targets=[[1, -1], [2, 0], [4, 5], [9, 2]]", "model.noise=0.5", "steps=40",
            "optimizer.name=sgd", "optimizer.learning_rate=0.1", "algorithm.name=\(algorithm)",
        ]
        let (here, there) = (try onThreads(overrides).summary, try inProcesses(ranks, overrides))
        #expect(there.models == here.models && there.server == here.server && there.models != nil)
        #expect(there.messagesByPair == here.messagesByPair)
    }

    /// A network, two peers a process, each process with its own part of the data.
    @Test func aNetworkEndsAtTheBitsOfThreads() throws {
        let overrides = [
            "data.name=synthetic", "data.samples=600", "model.name=mlp", "batch=20", "epochs=2", "peers=4",
            "algorithm.name=dpsgd", "topology.name=ring", "partition.kind=label-sorted",
        ]
        let (here, there) = (try onThreads(overrides).summary, try inProcesses(2, overrides))
        #expect(there.testAccuracy == here.testAccuracy && there.testLoss == here.testLoss)
        #expect(there.consensusDistance == here.consensusDistance && there.samplesSeen == here.samplesSeen)
    }
}
