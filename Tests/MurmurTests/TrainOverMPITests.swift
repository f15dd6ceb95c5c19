import Configuration
import Datasets
import Foundation
import Gossip
import Runs
import Safetensors
import TestKit
import Testing

@testable import Experiments
@testable import Records
@testable import Training

/// With more patience than a machine that has too much to do can wear out: silence is not what is tested here.
private let train = ["train", "transport.name=mpi", "transport.silence_seconds=30", "--json", "--output", "run"]
private let quadratic = [
    "model.name=quadratic", "model.targets=[[1, -1], [2, 0], [4, 5], [9, 2]]", "model.noise=0.5", "steps=40",
    "optimizer.name=sgd", "optimizer.learning_rate=0.1",
]
/// A small network on data that is made on the spot.
private let small = ["data.name=synthetic", "data.samples=600", "model.name=mlp", "batch=20"]

/// The command under the launchers of this machine.
@Suite(.serialized, .enabled("there is no mpirun; run script/bootstrap --mpi=all", { !MPIJob.all.isEmpty }))
struct TrainOverMPITests {
    private static let lockStep = Algorithms.all.map(\.name).filter { Algorithms.traits($0).isLockStep }

    private func onThreads(_ overrides: [String]) throws -> TrainingOutcome {
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        return try TrainingRun(TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil)), metrics: nil).run()
    }

    /// What an algorithm needs that is not its default: one on which all lock-step ones run.
    private func settings(_ algorithm: String) -> [String] {
        let isAlone = algorithm == "centralized"
        return ["algorithm.name=\(algorithm)"]
            + (Algorithms.traits(algorithm).graphUse == .none ? [] : ["topology.name=ring"])
            + (isAlone ? ["peers=1", "model.targets=[[3, 1]]"] : [])
            + (algorithm == "d2" ? ["topology.mixing=lazy"] : [])
            + (Algorithms.traits(algorithm).needsScores ? ["algorithm.samples=1"] : [])
            + (algorithm == "nettorrent" ? ["algorithm.schedule=1f1b"] : [])
    }

    /// Four ranks, or four with a server's behind them; both launchers in turn, one of them for each algorithm.
    @Test(arguments: lockStep) func everyLockStepAlgorithmEndsAtTheBitsOfThreads(algorithm: String) throws {
        let number = Self.lockStep.firstIndex(of: algorithm) ?? 0
        let job = MPIJob.all[number % MPIJob.all.count]
        let overrides = quadratic + settings(algorithm)
        let here = try onThreads(overrides).summary
        try withTemporaryFolder { folder in
            let ranks = here.peers + Algorithms.traits(algorithm).servers
            let called = try job.call(ranks: ranks, train + overrides, in: folder)
            #expect(called.code == 0, "\(called.errors)")
            let there = try Summary(text: called.output)
            #expect(there.models == here.models && there.server == here.server && there.models != nil)
            #expect(there.messagesByPair == here.messagesByPair)
        }
    }

    /// A network, several peers a rank, each rank with its own part of the data.
    @Test(arguments: MPIJob.all, [2, 3]) func aNetworkEndsAtTheBitsOfThreads(job: MPIJob, ranks: Int) throws {
        let overrides =
            small + [
                "epochs=2", "peers=4", "algorithm.name=dpsgd", "topology.name=ring", "partition.kind=label-sorted",
            ]
        let here = try onThreads(overrides).summary
        try withTemporaryFolder { folder in
            let called = try job.call(ranks: ranks, train + overrides, in: folder)
            #expect(called.code == 0, "\(called.errors)")
            let there = try Summary(text: called.output)
            #expect(there.testAccuracy == here.testAccuracy && there.testLoss == here.testLoss)
            #expect(there.consensusDistance == here.consensusDistance && there.samplesSeen == here.samplesSeen)
            let places = try Command.text("run/environment.json", in: folder)
            #expect(places.components(separatedBy: "\"process\"").count == ranks + 1)
        }
    }

    /// Byzantine peers, rules, trust and thin links: the same models, and as much sent.
    @Test(arguments: Array(GuardedRun.all.indices)) func guardedRunsEndAtTheBitsOfThreads(number: Int) throws {
        let (run, job) = (GuardedRun.all[number], MPIJob.all[number % MPIJob.all.count])
        let overrides = small + ["epochs=2", "peers=5"] + run.settings
        try withTemporaryFolder { folder in
            func model(_ run: String) throws -> [Tensor] {
                try SafetensorsFile(readingFrom: "\(folder)/\(run)/model.safetensors").tensors
            }
            let alone = try Command.process(["train", "--json", "--output", "here"] + overrides, in: folder)
            let here = try Summary(text: alone.called(in: folder).output)
            let called = try job.call(ranks: 2 + number % 4, train + overrides, in: folder)
            #expect(called.code == 0, "\(run): \(called.errors)")
            let there = try Summary(text: called.output)
            #expect(try model("run") == model("here"), "\(run)")
            #expect(there.testAccuracy == here.testAccuracy && there.testLoss == here.testLoss, "\(run)")
            #expect(there.consensusDistance == here.consensusDistance && there.trust == here.trust, "\(run)")
            #expect(there.perPeer?.map(\.loss) == here.perPeer?.map(\.loss), "\(run)")
            #expect(there.messagesByPair == here.messagesByPair && there.bytesSent == here.bytesSent, "\(run)")
        }
    }

    /// From saved weights, with the same bits in the model's file.
    @Test(arguments: MPIJob.all) func aNetworkFromSavedWeightsEndsAtTheBitsOfThreads(job: MPIJob) throws {
        let overrides = small + ["epochs=1", "peers=3", "algorithm.name=allreduce"]
        try withTemporaryFolder { folder in
            func numbers(_ path: String) throws -> Data {
                let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(path)"))
                return bytes.dropFirst(8 + (0..<8).reduce(0) { $0 + Int(bytes[$1]) << (8 * $1) })
            }
            func call(_ words: [String]) throws {
                let process = try Command.process(words, in: folder)
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationStatus == 0)
            }
            try Data().write(to: URL(filePath: "\(folder)/x.yaml"))
            try call(["initialise", "-c", "x.yaml", "--output", "w", "seed=9"] + overrides)
            let saved = overrides + ["model.weights=w", "--quiet"]
            try call(["train", "--output", "here"] + saved)
            try call(["train", "--output", "drawn", "--quiet"] + overrides)
            let called = try job.call(ranks: 3, train + saved, in: folder)
            #expect(called.code == 0, "\(called.errors)")
            #expect(try numbers("run/model.safetensors") == numbers("here/model.safetensors"))
            #expect(try numbers("run/model.safetensors") != numbers("drawn/model.safetensors"))
        }
    }

    @Test(arguments: MPIJob.all) func averagesOfTheLibraryAgree(job: MPIJob) throws {
        let overrides = quadratic + ["algorithm.name=allreduce"]
        let here = try #require(try onThreads(overrides).summary.models)
        try withTemporaryFolder { folder in
            let called = try job.call(ranks: 2, train + overrides + ["transport.collective=native"], in: folder)
            let there = try #require(try Summary(text: called.output).models)
            for (mine, theirs) in zip(here.joined(), there.joined()) {
                #expect(abs(mine - theirs) <= 1e-6 * max(1, abs(mine)))
            }
        }
    }

    /// The main job, short: gossip, one peer a rank.
    @Test(.enabled("dataset-fashion-mnist is not installed", { hasFashionMNIST }), arguments: MPIJob.all, [2, 4])
    func theMainJobLearnsByGossip(job: MPIJob, ranks: Int) throws {
        try withTemporaryFolder { folder in
            let called = try job.call(ranks: ranks, train + ["steps=150", "seed=1"], in: folder)
            #expect(called.code == 0, "\(called.errors)")
            let summary = try Summary(text: called.output)
            #expect(summary.peers == ranks && summary.samplesSeen == ranks * 150 * 64)
            #expect(try #require(summary.testAccuracy.consensus) > 0.7)
            #expect(abs(try #require(summary.weightMass) - 1) < 1e-9)
            #expect(summary.messagesSent > 0)
        }
    }

    private static var hasFashionMNIST: Bool {
        FileManager.default.fileExists(atPath: "/usr/share/datasets/fashion-mnist")
    }

    @Test func aMismatchNamesRankAndKey() throws {
        try withTemporaryFolder { folder in
            let one = train + quadratic + ["algorithm.name=dpsgd"]
            let called = try MPIJob.all[0].process(
                ranks: 2, one + ["topology.name=ring"], one + ["topology.name=complete"], in: folder
            ).called(in: folder)
            #expect(called.code == 78)
            #expect(
                called.errors.contains("murmur: rank 2 has topology.name: complete, and rank 0 has ring; start all"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/run"))
        }
    }

    /// A rank that cannot read its experiment finds rank 0 all the same, which says it for all.
    @Test func whatOneRankAloneLacksIsSaid() throws {
        try withTemporaryFolder { folder in
            let one = train + quadratic
            let called = try MPIJob.all[0].process(ranks: 1, one, one + ["--config", "none.yaml"], in: folder)
                .called(in: folder)
            #expect(called.code == 66)
            #expect(called.errors.contains("murmur: rank 1: ") && called.errors.contains("none.yaml"))
        }
    }

    @Test func fewerPeersThanRanksAreRefused() throws {
        try withTemporaryFolder { folder in
            let called = try MPIJob.all[0].call(ranks: 3, train + quadratic + ["peers=2"], in: folder)
            #expect(called.code == 78)
            #expect(called.errors.contains("peers"))
        }
    }

    @Test func withoutAPlugInTheRemedyIsSaid() throws {
        try withTemporaryFolder { folder in
            let called = try Command.call(
                "train", "transport.name=mpi", in: folder, shell: "export MURMUR_MPI_PLUGIN=/nowhere/plug-in.so")
            #expect(called.code == 78)
            #expect(called.errors.contains("run script/bootstrap --mpi"))
        }
    }

    @Test(.enabled("two MPIs are needed", { MPIJob.all.count == 2 })) func theWrongLauncherIsRefused() throws {
        try withTemporaryFolder { folder in
            let plugIn = try Command.path.replacing(/\/tests\/.*/, with: "/mpi/murmur_mpi-mpich.so")
            let called = try MPIJob.openMPI[0].call(
                ranks: 2, train + quadratic, environment: ["MURMUR_MPI_PLUGIN": plugIn], in: folder)
            #expect(called.code == 78)
            #expect(called.errors.contains("started 2 processes, but"))
        }
    }
}
