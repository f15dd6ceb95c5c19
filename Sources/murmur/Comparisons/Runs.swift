import ArgumentParser
import Comparisons
import Foundation
import Training

/// Makes the runs that are not there yet, by processes of this very program, and shows how far they are.
func carryOut(_ runs: [PlannedRun], in folder: String, jobs: Int, console: Console) throws -> [RunOutcome] {
    let signals = try StopSignals(console: console)
    defer { withExtendedLifetime(signals) {} }
    let queue = RunQueue(program: ownProgram, folder: folder, jobs: jobs)
    let begin = ContinuousClock.now
    var last: ProgressLine?
    let outcomes = try queue.carryOut(
        runs, isStopRequested: { signals.request.signal != nil },
        report: { progress in
            let line = ProgressLine(
                label: "runs", done: progress.done, total: progress.total,
                seconds: (ContinuousClock.now - begin) / .seconds(1), unit: "run",
                values: progress.running.map { ("now", $0) })
            last = line
            console.show(line)
        })
    if let last { console.finish(last) }
    if let signal = signals.request.signal {
        console.say("murmur: stopped; the same command goes on with the runs that are left")
        throw ExitCode.signal(signal)
    }
    return outcomes
}

/// Says what went wrong in runs; throws where one could not be carried out.
func finish(_ outcomes: [RunOutcome], console: Console) throws {
    for outcome in outcomes {
        if let remark = outcome.remark { console.say("murmur: \(remark)") }
    }
    if outcomes.contains(where: \.isFailure) { throw ExitCode.failure }
}

/// The program that is running.
private var ownProgram: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
}
