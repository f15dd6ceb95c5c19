import ArgumentParser
import Configuration
import Experiments
import Foundation
import Runtime
import Training

/// Training over several processes. Rank 0 leads: it prints, keeps the records and says how it ended; the others carry
/// out what it orders, and end with the same exit code.
extension Train {
    func takePart(
        over transport: any ProcessTransport, with options: Options = Options(), _ launch: ProcessLaunch,
        console: Console
    ) throws {
        let ranks = try join(transport, options, launch)
        let mailbox = ControlMailbox(ranks)
        // What a rank itself has to say of rank 0, nobody else says.
        guard ranks.rank == 0 else { return try reportingFailure { try follow(mailbox) } }
        do {
            // A launcher may end all once the first has left with another code than 0: what there is to say is said
            // before any leaves.
            try reportingFailure(on: console) {
                let signals = try StopSignals(console: console)
                let loaded = try experiment(over: ranks.count)
                if loaded.experiment.checkpoint.everyEpochs != nil, let remark = launch.stopRemark {
                    console.say(remark)
                }
                try withExtendedLifetime(signals) {
                    try lead(loaded, mailbox, console: console, stop: signals.request)
                }
            }
            // Where no terminal reads, the results leave at the end of the process, which a launcher may not wait for.
            fflush(nil)
            mailbox.shutDown(ExitCode.success.rawValue)
        } catch {
            fflush(nil)
            mailbox.shutDown(ExitCode(for: error).rawValue)
            throw error
        }
    }

    /// Joins the others. Where that fails it fails on all ranks, and rank 0 says it.
    private func join(
        _ transport: any ProcessTransport, _ options: Options, _ launch: ProcessLaunch
    ) throws -> any ProcessNetwork {
        do {
            return try transport.join(options)
        } catch {
            launch.letFirstSpeak()
            throw error
        }
    }

    private func experiment(over ranks: Int) throws -> LoadedExperiment {
        try LoadedExperiment(file: config, overrides: overrides, registries: .all, ranks: ranks)
    }

    private func follow(_ mailbox: ControlMailbox) throws {
        let code = try serve(mailbox)
        // Deaf to signals: a launcher that finds one rank gone sends the others one, which is to end none of them.
        mailbox.leave()
        guard code == 0 else { throw ExitCode(code) }
    }

    private func serve(_ mailbox: ControlMailbox) throws -> Int32 {
        let signals = try StopSignals(console: Console(isQuiet: true))
        let service = WorkerLoop(mailbox) { signals.request.signal }
        return try withExtendedLifetime(signals) {
            try service.serve(
                { try plan(experiment(over: mailbox.count), rank: mailbox.rank, ranks: mailbox.count) },
                code: { ExitCode(for: $0).rawValue })
        }
    }
}

extension ProcessLaunch {
    /// Where the processes that were started together cannot speak with each other, the first says for all why none
    /// begins; the others give it time.
    func letFirstSpeak() {
        if !isFirst { Thread.sleep(forTimeInterval: graceSeconds) }
    }
}
