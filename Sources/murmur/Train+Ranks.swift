import ArgumentParser
import Foundation
import MPITransport
import Training

/// Training over the processes of an MPI job. Rank 0 leads: it prints, keeps the records and says how it ended; the
/// others carry out what it orders, and end with the same exit code.
extension Train {
    func takePart(silenceSeconds: Double = 10, console: Console) throws {
        let ranks = try begin(silenceSeconds: silenceSeconds)
        let post = RankPost(ranks)
        // What a rank itself has to say of rank 0, nobody else says.
        guard ranks.rank == 0 else { return try reportingFailure { try follow(post) } }
        do {
            // A launcher may end all once the first has left with another code than 0: what there is to say is said
            // before any leaves.
            try reportingFailure(on: console) {
                let signals = try StopSignals(console: console)
                let loaded = try experiment(over: ranks.count)
                warnOfKillDelay(loaded.experiment, console)
                try withExtendedLifetime(signals) {
                    try lead(loaded, post, console: console, stop: signals.request)
                }
            }
            // Where no terminal reads, the results leave at the end of the process, which a launcher may not wait for.
            fflush(nil)
            post.dismiss(ExitCode.success.rawValue)
        } catch {
            fflush(nil)
            post.dismiss(ExitCode(for: error).rawValue)
            throw error
        }
    }

    /// Begins MPI. Where that fails it fails on all ranks, and rank 0 says it.
    private func begin(silenceSeconds: Double) throws -> MPIRanks {
        do {
            return try MPIRanks(silenceSeconds: silenceSeconds)
        } catch {
            letFirstSpeak()
            throw error
        }
    }

    /// Where the processes that were started together cannot speak with each other, the first says for all why none
    /// begins; the others give it time, for a launcher may end it once they leave. Open MPI's ends them as soon as the
    /// first has left, so there they have no hurry.
    func letFirstSpeak() {
        let environment = ProcessInfo.processInfo.environment
        guard !Launcher.isFirst(environment: environment) else { return }
        Thread.sleep(forTimeInterval: isByOpenMPI(environment) ? 10 : 1)
    }

    private func isByOpenMPI(_ environment: [String: String]) -> Bool { environment["OMPI_COMM_WORLD_SIZE"] != nil }

    private func experiment(over ranks: Int) throws -> LoadedExperiment {
        try LoadedExperiment(file: config, overrides: overrides, registries: .all, ranks: ranks)
    }

    private func follow(_ post: RankPost) throws {
        let code = try serve(post)
        // Deaf to signals: a launcher that finds one rank gone sends the others one, which is to end none of them.
        post.leave()
        guard code == 0 else { throw ExitCode(code) }
    }

    private func serve(_ post: RankPost) throws -> Int32 {
        let signals = try StopSignals(console: Console(isQuiet: true))
        let service = RankService(post) { signals.request.signal }
        return try withExtendedLifetime(signals) {
            try service.serve(
                { try plan(experiment(over: post.count), rank: post.rank, ranks: post.count) },
                code: { ExitCode(for: $0).rawValue })
        }
    }

    /// Open MPI's launcher kills all ranks shortly after it was asked to end them, and tells them by a variable when
    /// its user has given them longer.
    private func warnOfKillDelay(_ experiment: Experiment, _ console: Console) {
        let environment = ProcessInfo.processInfo.environment
        guard experiment.checkpoint.everyEpochs != nil, isByOpenMPI(environment),
            environment["OMPI_MCA_odls_base_sigkill_timeout"] == nil
        else { return }
        console.say(
            "mpirun kills its processes a second after it asks them to end; for a last checkpoint that takes longer, "
                + "give it --mca odls_base_sigkill_timeout 30, or stop it by SIGUSR1")
    }
}
