import ArgumentParser
import Checkpoints
import Compute
import Datasets
import Experiments
import Foundation
import Records
import Reports
import Runs
import Runtime
import Synchronization
import Training
import Transports
import Workloads

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model by a decentralised algorithm.",
        discussion: "Without any argument it trains a convolutional network on Fashion-MNIST by GoSGD, four peers.")

    @Option(
        name: [.short, .long], help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
    @Argument(help: "Settings that go before the file's: key.path=value.") var overrides: [String] = []
    @Option(help: "The folder for the records; runs/NAME-TIME by default.", completion: .directory)
    var output: String?
    @Flag(help: "Print the resolved experiment and stop.") var printConfig = false
    @Flag(help: "Print the summary as one JSON object.") var json = false
    @Flag(help: "No progress and no remarks on stderr.") var quiet = false
    @Flag(help: "Replace the folder of an earlier run, once this run is done.") var force = false
    @OptionGroup var watching: WatchingOptions

    func validate() throws { try refuseStray(overrides) }

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let launched = Transports.launched(environment: environment)
        let launch = launched?.launch ?? ProcessLaunch()
        let settings = Result {
            try LoadedExperiment(file: config, overrides: overrides, registries: .all, ranks: launch.count)
        }
        // Of the processes that carry out one run the first speaks; each of those with a run of its own does.
        let isShared = launch.hasOthers && LoadedExperiment.spansProcesses(settings, file: config, overrides: overrides)
        let speaks = launch.isFirst || !isShared
        let console = Console(isQuiet: quiet || !speaks, saysFailures: speaks)
        try reportingFailure(on: console) {
            let loaded: LoadedExperiment
            do {
                loaded = try settings.get()
            } catch {
                // The file may be missing at one place alone. Whoever cannot read it tells rank 0.
                if let launched, isShared, !printConfig, (try? launched.transport.examine()) != nil {
                    return try takePart(over: launched.transport, launch, console: console)
                }
                if isShared { launch.letFirstSpeak() }
                throw error
            }
            if printConfig {
                guard speaks else { return }
                return try put(loaded.experiment.yaml, terminator: "")
            }
            if let transport = loaded.experiment.processes {
                let own = transport.launch(environment: environment) ?? ProcessLaunch()
                try takePart(
                    over: transport, with: loaded.experiment.transport.options, own, console: console)
            } else if let transport = loaded.experiment.linkTransport {
                let signals = try StopSignals(console: console)
                try withExtendedLifetime(signals) {
                    try takePart(over: transport, loaded, console: console, stop: signals.request)
                }
            } else {
                if let launched, launch.hasOthers, launch.isFirst {
                    console.say(
                        "each of the \(launch.count ?? 0) processes that were started carries out a whole run; "
                            + "transport.name=\(launched.name) makes one of all")
                }
                let signals = try StopSignals(console: console)
                try withExtendedLifetime(signals) { try lead(loaded, console: console, stop: signals.request) }
            }
        }
    }

    /// Leads a run: alone, or the ranks at the other ends of `mailbox`.
    func lead(_ loaded: LoadedExperiment, _ mailbox: ControlMailbox? = nil, console: Console, stop: StopRequest) throws
    {
        let resumption = try Resumption(loaded.experiment, output: output)
        if resumption?.isInPlace != true { try RunFolder.check(output: output, force: force) }
        try train(loaded, resumption, mailbox, console: console, stop: stop)
    }

    func plan(
        _ loaded: LoadedExperiment, rank: Int = 0, ranks: Int = 1, terms: LinkTerms? = nil
    ) throws -> TrainingPlan {
        try loaded.refuseOnThreads()
        return try TrainingPlan(
            loaded, places: DataPlaces(environment: ProcessInfo.processInfo.environment), rank: rank, ranks: ranks,
            terms: terms)
    }

    /// Prepares the run, which finds what is missing or does not fit; only then makes its folder and carries it out.
    private func train(
        _ loaded: LoadedExperiment, _ resumption: Resumption?, _ mailbox: ControlMailbox?, console: Console,
        stop: StopRequest
    ) throws {
        let plan = try plan(loaded, ranks: mailbox?.count ?? 1)
        let resumption = try resumption?.check(plan)
        for remark in plan.remarks + (resumption?.remarks ?? []) { console.say(remark) }
        let places = try mailbox?.shakeHands(plan)
        try carryOut(plan, loaded, resumption, mailbox, places, console: console, stop: stop)
    }

    /// Carries out a run that is prepared: as the leader of ranks, as a peer on an open network, or alone.
    func carryOut(
        _ plan: TrainingPlan, _ loaded: LoadedExperiment, _ resumption: Resumption? = nil,
        _ mailbox: ControlMailbox? = nil, _ places: [RankPlace]? = nil, links: OpenLinks? = nil, console: Console,
        stop: StopRequest
    ) throws {
        try record(loaded, resumption, places, links, console: console, stop: stop) { folder, metrics in
            if links == nil { try folder.writeGraph(plan.graphRecord) }
            let latest = Mutex<TrainingProgress?>(nil)
            let trace = try watching.trace ? TraceFile(in: folder) : nil
            let run = try TrainingRun(
                plan, metrics: metrics, trace: trace,
                checkpoints: CheckpointFolder(
                    run: folder.path, keepLast: loaded.experiment.checkpoint.keepLast, faults: faults),
                from: resumption?.checkpoint, mailbox: mailbox, links: links, keepStatus: { try folder.keep($0) },
                stopSignal: { stop.signal },
                report: { progress in
                    latest.withLock { $0 = progress }
                    console.show(ProgressLine(progress))
                }, remark: { console.say($0) })
            let outcome = try run.run()
            if let remark = try trace?.close() { console.say(remark) }
            try ModelFile.write(outcome.model, peers: outcome.peerModels, of: plan, in: folder)
            try PredictionsFile.write(outcome.answers, of: plan, in: folder)
            if let progress = latest.withLock(\.self) { console.finish(ProgressLine(progress)) }
            return outcome
        }
    }

    /// Makes the folder of the run, carries the run out, and leaves its records and its results.
    ///
    /// `body` writes metrics and whatever else the run leaves in the folder, and returns what came out.
    private func record(
        _ loaded: LoadedExperiment, _ resumption: Resumption?, _ ranks: [RankPlace]?, _ links: OpenLinks?,
        console: Console, stop: StopRequest, _ body: (RunFolder, MetricsWriter) throws -> TrainingOutcome
    ) throws {
        let started = Environment.timestamp(Date())
        let outcome: TrainingOutcome
        let folder =
            try resumption?.folder()
            ?? RunFolder.create(output: output, name: loaded.experiment.name, timestamp: started, force: force)
        do {
            var environment = Environment.current(
                oneDNNVersion: oneDNNVersion, commandLine: CommandLine.arguments, started: started)
            environment.ranks = ranks
            try folder.writeDescription(loaded, environment: environment)
            let metrics = try metrics(resumption, in: folder, console)
            let page = try watching.dashboard.map { try LiveDashboard(port: $0, folder: folder.path, console: console) }
            defer { page?.finish() }
            outcome = try body(folder, metrics)
            try metrics.close()
            try folder.writeSummary(outcome.summary)
            report(on: folder, console: console)
            page?.finish()
            if case .diverged(let peer, let step) = outcome.ending {
                if json { try put(outcome.summary.text()) }
                throw Divergence(peer: peer, step: step, folder: folder.path)
            }
            if case .abandoned(_, let reason) = outcome.ending {
                if json { try put(outcome.summary.text()) }
                throw Abandonment(reason: reason, folder: folder.path)
            }
            try folder.finish()
        } catch {
            if folder.path != folder.finalPath {
                console.say("\(folder.finalPath) is as it was; the records of this run are in \(folder.path)")
            }
            throw error
        }
        if let failure = links?.failure { throw failure }
        try put(results(outcome, folder: folder.finalPath))
        // A peer of an open network may leave for other reasons than a signal.
        if let signal = links == nil ? outcome.stopSignal ?? stop.signal : stop.signal {
            throw ExitCode.signal(signal)
        }
    }

    /// The records of a new run, or those of one that goes on.
    private func metrics(
        _ resumption: Resumption?, in folder: RunFolder, _ console: Console
    ) throws -> MetricsWriter {
        guard let resumption else { return try MetricsWriter(in: folder) }
        let (writer, remark) = try resumption.metrics(in: folder)
        if let remark { console.say(remark) }
        console.say(
            resumption.checkpoint.map { "going on from \($0.path)" }
                ?? "\(folder.path) was cut off before its first checkpoint; it begins again")
        return writer
    }

    /// Where the tests of checkpoints have the process die.
    private var faults: CrashPoints {
        let environment = ProcessInfo.processInfo.environment
        return CrashPoints(deadly: environment["MURMUR_TEST_DIE_AT_CHECKPOINT_OPERATION"].flatMap { Int($0) })
    }

    /// Writes the report of a run that is over. The run is worth more than its report: a failure is said, and no more.
    private func report(on folder: RunFolder, console: Console) {
        do {
            let records = try RunRecords(folder: folder.path, named: folder.finalPath)
            try ReportFile.write([records], to: folder.file(ReportFile.name))
        } catch {
            console.say("there is no \(ReportFile.name) for this run: \(error)")
        }
    }

    private func results(_ outcome: TrainingOutcome, folder: String) -> String {
        if json { return outcome.summary.text() }
        let average: [(String, Double?, Double?)] =
            outcome.server.map { _ in [("consensus", outcome.summary.testAccuracy.consensus, nil)] } ?? []
        let models =
            average
            + outcome.peers.enumerated().map { peer, score -> (String, Double?, Double?) in
                let isByzantine = outcome.summary.byzantinePeers?.contains(peer) == true
                let remark = score != nil ? "" : isByzantine ? " (byzantine)" : " (died)"
                return ("peer \(peer)\(remark)", score?.accuracy, score?.loss)
            }
        return String(resultTable(outcome.summary, models: models, folder: folder).dropLast())
    }
}

/// Throws for the first argument that is no setting.
func refuseStray(_ overrides: [String]) throws {
    guard let stray = overrides.first(where: { !$0.contains("=") }) else { return }
    throw ValidationError(
        "'\(stray)' is not a setting of the form key.path=value; an experiment file is named with -c.")
}

/// Throws for the first setting of a section that a command does not ask for; `instead` says what does.
func refuseOthers(than sections: [String], _ settings: [String], instead: String) throws {
    let other = settings.first { setting in !sections.contains { setting.prefix { !".=".contains($0) } == $0[...] } }
    guard let other else { return }
    throw ValidationError(
        "'\(other)' would be of no use here: settings are those of \(sections.joined(separator: " and ")); \(instead)")
}
