import ArgumentParser
import Compute
import Datasets
import Experiments
import Foundation
import Records
import Reports
import Runs
import SimulatedTraining
import Simulator
import Training
import Workloads

import enum Configuration.JSON

struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run an experiment in virtual time, with faults and up to thousands of peers.",
        discussion: """
            The same algorithms as 'murmur train', on a network and machines that the section 'simulation' of the \
            experiment file describes. Everything follows from the seeds: the same command gives the same run.
            """)

    @Option(
        name: [.short, .long], help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
    @Argument(help: "Settings that go before the file's: key.path=value.") var overrides: [String] = []
    @Option(help: "Sets simulation.seed, which fixes delays and faults; data and models follow 'seed'.")
    var seed: Int?
    @Option(help: "A folder for the records; none are kept without.", completion: .directory)
    var output: String?
    @Flag(help: "Print the outcome as one JSON object.") var json = false
    @Flag(help: "No progress and no remarks on stderr.") var quiet = false
    @Flag(help: "Replace the folder of an earlier run, once this run is done.") var force = false
    @OptionGroup var watching: WatchingOptions

    func validate() throws {
        try refuseStray(overrides)
        if watching.trace, output == nil {
            throw ValidationError("--trace needs a folder for its file: give --output, too.")
        }
        if watching.dashboard != nil, output == nil {
            throw ValidationError("--dashboard shows the records of the run: give --output, too.")
        }
    }

    func run() throws {
        let console = Console(isQuiet: quiet)
        try reportingFailure(on: console) {
            let settings = overrides + (seed.map { ["simulation.seed=\($0)"] } ?? [])
            let loaded = try LoadedExperiment(file: config, overrides: settings, registries: .all)
            try RunFolder.check(output: output, force: force)
            let signals = try StopSignals(console: console)
            defer { withExtendedLifetime(signals) {} }
            let plan = try TrainingPlan(
                loaded, places: DataPlaces(environment: ProcessInfo.processInfo.environment))
            for remark in plan.remarks { console.say(remark) }
            let folder = try output.map {
                try RunFolder.create(
                    output: $0, name: loaded.experiment.name, timestamp: Environment.timestamp(Date()), force: force)
            }
            try simulate(plan, loaded, folder: folder, console: console, stop: signals.request)
        }
    }

    private func simulate(
        _ plan: TrainingPlan, _ loaded: LoadedExperiment, folder: RunFolder?, console: Console, stop: StopRequest
    ) throws {
        let environment = Environment.current(
            oneDNNVersion: oneDNNVersion, commandLine: CommandLine.arguments, started: Environment.timestamp(Date()))
        try folder?.writeDescription(loaded, environment: environment)
        try folder?.writeGraph(plan.graphRecord)
        let metrics = try folder.map { try MetricsWriter(in: $0) }
        let page = try folder.flatMap { folder in
            try watching.dashboard.map { try LiveDashboard(port: $0, folder: folder.path, console: console) }
        }
        defer { page?.finish() }
        let trace = try watching.trace ? folder.map { try TraceFile(in: $0) } : nil
        let begin = ContinuousClock.now
        let run = try SimulatedRun(
            plan, metrics: metrics, trace: trace, wallSeconds: { (ContinuousClock.now - begin) / .seconds(1) })
        // What the seed came to, before anything can go wrong.
        console.say("the world: " + run.expandedSettings.map(quotedForShell).joined(separator: " "))
        var last: TrainingProgress?
        let outcome = try run.run(
            isStopRequested: { stop.signal != nil },
            report: { progress in
                last = progress
                console.show(ProgressLine(simulated: progress))
            })
        if let last { console.finish(ProgressLine(simulated: last)) }
        try metrics?.close()
        if let remark = try trace?.close() { console.say(remark) }
        if let folder { try write(outcome, of: plan, to: folder, page) }
        try put(json ? outcome.json.text : String(outcomeTable(outcome, folder: folder?.finalPath).dropLast()))
        try judge(outcome)
        if let signal = stop.signal { throw ExitCode.signal(signal) }
    }

    private func write(
        _ outcome: SimulationOutcome, of plan: TrainingPlan, to folder: RunFolder, _ page: LiveDashboard?
    ) throws {
        try ModelFile.write(outcome.model, peers: outcome.peerModels, of: plan, in: folder)
        try PredictionsFile.write(outcome.answers, of: plan, in: folder)
        try folder.write(outcome.json.indented + "\n", to: "simulation.json")
        try folder.writeSummary(outcome.summary)
        // Before the folder gets another name.
        page?.finish()
        try folder.finish()
    }

    /// Throws what makes a run a failure: a broken promise, a peer that gave up or had nothing to do,
    /// NaN.
    private func judge(_ outcome: SimulationOutcome) throws {
        if let violation = outcome.violations.first { throw BrokenPromise(violation: violation, command: command) }
        switch outcome.ending {
        case .abandoned(_, let reason): throw SimulatedFailure(reason: reason)
        case .diverged(let peer, let step):
            throw SimulatedFailure(
                reason: "peer \(peer) has diverged in step \(step): its loss or its model is no number; take a smaller "
                    + "optimizer.learning_rate")
        case .completed, .targetReached, .stopped: break
        }
        if let idle = outcome.joiners.first(where: { $0.steps == 0 }) { throw IdlePeer(peer: idle.peer) }
    }

    /// The command that gives the same run again.
    private var command: String {
        let words =
            ["murmur", "simulate"] + (config.map { ["-c", $0] } ?? []) + overrides
            + (seed.map { ["--seed", "\($0)"] } ?? [])
        return words.map(quotedForShell).joined(separator: " ")
    }
}

/// A promise that did not hold in a simulated run.
struct BrokenPromise: Error, CustomStringConvertible {
    let violation: Violation
    let command: String

    var description: String { "a promise is broken\n\(violation)\nreplay it: \(command)" }
}

/// A simulated run that kept its promises and failed.
struct SimulatedFailure: Error, CustomStringConvertible {
    let reason: String

    var description: String { "\(reason), so the run ended" }
}

/// A peer that joined when there was nothing left to do.
struct IdlePeer: Error, CustomStringConvertible {
    let peer: Int

    var description: String {
        "peer \(peer) made none of its steps: the others had made theirs before it could take part; let it join "
            + "earlier, or make more steps"
    }
}

extension ProgressLine {
    /// How far a simulated run is.
    init(simulated progress: TrainingProgress) {
        self.init(label: "simulate", done: progress.steps, total: progress.stepsTotal, seconds: progress.seconds)
    }
}

/// A word as a shell reads it back.
func quotedForShell(_ word: String) -> String {
    let isPlain =
        !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "=._-/:,+@%".contains($0)) }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
