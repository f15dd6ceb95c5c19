import Foundation
import TestKit
import Testing

@testable import Checkpoints
@testable import Records
@testable import Training

/// With more patience than a machine that has too much to do can wear out, where silence is not what is tested.
private let train = ["train", "transport.name=mpi", "transport.silence_seconds=30", "--json", "--output", "run"]
private let long = [
    "data.name=synthetic", "data.samples=600", "model.name=mlp", "batch=20", "steps=1000000",
    "evaluate.every_epochs=1e9", "seed=3",
]

/// Ranks that die, and jobs that are asked to end.
@Suite(.serialized, .enabled("there is no mpirun; run script/bootstrap --mpi=all", { !MPIJob.all.isEmpty }))
struct RankFaultsTests {
    /// The processes of the job's ranks, as its records tell them.
    private func ranks(in folder: String) throws -> [pid_t] {
        let text = try Command.text("run/environment.json", in: folder)
        return text.matches(of: /"process": *([0-9]+)/).compactMap { pid_t($0.output.1) }
    }

    private func checkpoints(in folder: String) -> [String] { CheckpointFolder.names(in: "\(folder)/run/checkpoints") }

    /// By default the launcher ends the job; what was saved is whole, and goes on with another number of ranks.
    @Test(arguments: MPIJob.all, ["gosgd", "dpsgd"]) func aDeadRankEndsTheJobAndTheRunGoesOn(
        job: MPIJob, algorithm: String
    ) throws {
        try withTemporaryFolder { folder in
            let run = train + long + ["algorithm.name=\(algorithm)", "peers=4", "checkpoint.every_epochs=5"]
            let process = try job.process(ranks: 4, run, in: folder)
            try process.run()
            process.wait { checkpoints(in: folder).count >= 2 }
            let victim = try #require(try ranks(in: folder).last)
            kill(victim, SIGKILL)
            #expect(try process.ended(in: folder).code != 0)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/run/summary.json"))
            let newest = try #require(checkpoints(in: folder).last)
            let steps = try Checkpoint(verifying: "\(folder)/run/checkpoints/\(newest)").step
            let more = ["steps=\(steps + 20)", "checkpoint.resume=last"]
            let resumed = try job.call(ranks: 2, run + more, in: folder)
            #expect(resumed.code == 0, "\(resumed.errors)")
            let summary = try Summary(text: resumed.output)
            #expect(summary.perPeer?.map(\.steps) == [Int](repeating: steps + 20, count: 4))
        }
    }

    /// Where the launcher lets the others live, gossip goes on without the peers of the dead rank.
    @Test(arguments: MPIJob.openMPI) func gossipGoesOnWithoutADeadRank(job: MPIJob) throws {
        try withTemporaryFolder { folder in
            let run =
                train + long + ["steps=8000", "transport.silence_seconds=10", "checkpoint.every_epochs=50", "peers=6"]
            let process = try job.process(
                ranks: 3, run,
                launcherOptions: ["--enable-recovery", "--mca", "orte_abort_on_non_zero_status", "0"], in: folder)
            try process.run()
            process.wait { !checkpoints(in: folder).isEmpty }
            let victim = try #require(try ranks(in: folder).last)
            kill(victim, SIGKILL)
            let called = try process.ended(in: folder)
            let summary = try Summary(text: called.output)
            let peers = try #require(summary.perPeer)
            #expect(peers.prefix(4).allSatisfy { $0.steps == 8000 && $0.diedAtSeconds == nil && $0.accuracy != nil })
            #expect(peers.suffix(2).allSatisfy { $0.diedAtSeconds != nil && $0.accuracy == nil })
            #expect(FileManager.default.fileExists(atPath: "\(folder)/run/model.safetensors"))
        }
    }

    /// SIGUSR1 reaches the ranks by every launcher, and SIGTERM by those that give them time: the run is saved, all end
    /// with the signal's code, and it goes on from there.
    @Test(arguments: MPIJob.all) func aSignalToTheLauncherSavesFirst(job: MPIJob) throws {
        let number = job.flavour == "openmpi" ? SIGUSR1 : SIGTERM
        try withTemporaryFolder { folder in
            let run = train + long + ["peers=4", "checkpoint.every_epochs=1e6"]
            let process = try job.process(ranks: 2, run, writesCodes: true, in: folder)
            try process.run()
            process.wait { (try? Command.text("run/metrics.jsonl", in: folder))?.isEmpty == false }
            // Another program stands before the launcher.
            kill(try #require(process.child), number)
            let called = try process.ended(in: folder)
            // MPICH's launcher that was sent a signal returns 0 for now and then, whatever its ranks return.
            if job.flavour == "openmpi" { #expect(called.code == 128 + number, "\(called.errors)") }
            #expect(try Command.text("codes", in: folder) == "\(128 + number)\n\(128 + number)\n")
            let saved = try #require(checkpoints(in: folder).last)
            let step = try Checkpoint(verifying: "\(folder)/run/checkpoints/\(saved)").step
            let resumed = try job.call(
                ranks: 4, run + ["steps=\(step + 10)", "checkpoint.resume=last"], in: folder)
            #expect(resumed.code == 0, "\(resumed.errors)")
        }
    }
}
