public import Checkpoints
public import Experiments
import Foundation
public import Records
public import Runs
import Workloads

/// From where a run goes on, as `checkpoint.resume` says.
///
/// `last` is the newest checkpoint of the run in the folder that `--output` names; without `--output`, of the newest
/// run of the experiment's name in `runs`. Anything else is a path: of a checkpoint, or of a run, whose newest is
/// meant. The run goes on in its own folder, unless `--output` names another: then that one begins with a copy of its
/// records.
///
/// A checkpoint that is damaged is refused, also where an older one is whole: to go back further than the user knows of
/// is the user's decision. A run that was cut off before its first checkpoint goes on from its beginning.
public struct Resumption: Sendable {
    /// Nil for a run that begins again, having saved nothing.
    public private(set) var checkpoint: Checkpoint?
    /// The folder of the run; nil for a checkpoint that lies elsewhere.
    public let run: String?
    /// Whether the run goes on in its own folder.
    public let isInPlace: Bool
    /// The right to write there, taken before anything is read: nobody saves or prunes meanwhile.
    private let lock: RunLock?
    /// What the user should know of how the run goes on, a sentence each.
    public private(set) var remarks: [String] = []
    /// Whether the checkpoint is the newest of a run, and was not named.
    private let isNewest: Bool

    /// Finds and verifies the checkpoint; nil when the experiment asks for none.
    ///
    /// Throws `CheckpointError`: `missing` where there is nothing to go on from, `damaged` where it is not whole; and
    /// `OutputError` where the run is to go on in its own folder, and another process writes there.
    public init?(_ experiment: Experiment, output: String?) throws {
        guard let resume = experiment.checkpoint.resume else { return nil }
        let output = output.map(Self.trimmed)
        var place = try Self.place(resume, name: experiment.name, output: output)
        isNewest = place.checkpoint != Self.trimmed(resume)
        run = place.run
        isInPlace = run != nil && (output == nil || Self.isSame(output, run))
        lock = try isInPlace ? run.map { run throws(OutputError) in try RunLock(run) } : nil
        if lock != nil, let run { place = try Self.place(resume, name: experiment.name, output: output ?? run) }
        guard let path = place.checkpoint else {
            checkpoint = nil
            return
        }
        do throws(CheckpointError) {
            checkpoint = try Checkpoint(verifying: path)
        } catch {
            throw Self.withOlder(error, path)
        }
        if run == nil, output == nil {
            throw CheckpointError(.missing, path, "lies in no run's folder; say with --output where the records go")
        }
    }

    private init(_ other: Resumption, at checkpoint: Checkpoint) {
        self = other
        self.checkpoint = checkpoint
    }

    /// What the run of this plan goes on from: the same or, where that is of a run which had ended and is to become
    /// longer now, the newest checkpoint before it in which nobody had ended.
    ///
    /// Throws `CheckpointError`, `unfit`, when the checkpoint is not one of a run of this plan. What changes nothing in
    /// the state may differ: how long the run is, when it is tested and saved, where its files are.
    @discardableResult public func check(_ plan: TrainingPlan) throws(CheckpointError) -> Resumption {
        guard let checkpoint else {
            try refuseOtherStart(plan)
            return self
        }
        if isNewest, checkpoint.manifest.ended != nil, plan.steps > checkpoint.manifest.steps,
            let older = Self.newestUnended(before: checkpoint.path)
        {
            return try Resumption(self, at: older).check(plan)
        }
        var checked = self
        try checkFit(plan, checkpoint)
        checked.remarks = Self.remarks(plan, checkpoint.manifest)
        return checked
    }

    private static func newestUnended(before path: String) -> Checkpoint? {
        let folder = DurableFiles.parent(of: path)
        for name in CheckpointFolder.names(in: folder).prefix(while: { $0 != DurableFiles.name(of: path) }).reversed() {
            let older = try? Checkpoint(verifying: "\(folder)/\(name)")
            if let older, older.manifest.ended == nil { return older }
        }
        return nil
    }

    /// A schedule that falls until the end of the run has been on its way to another end.
    private static func remarks(_ plan: TrainingPlan, _ saved: CheckpointManifest) -> [String] {
        let name = plan.experiment.schedule.name
        guard plan.steps != saved.steps, (try? plan.isScheduleTied(toLengths: saved.steps, at: saved.step)) == true
        else {
            return []
        }
        return [
            "schedule.name: \(name) goes by the length of the run: up to step \(saved.step) the learning rate was on "
                + "its way to an end after \(saved.steps) steps, from now on to one after \(plan.steps); what comes "
                + "out is neither run's"
        ]
    }

    private func checkFit(_ plan: TrainingPlan, _ checkpoint: Checkpoint) throws(CheckpointError) {
        let saved = checkpoint.manifest
        let now = CheckpointManifest(plan, stepsMade: [])
        func refuse(_ reason: String) -> CheckpointError { CheckpointError(.unfit, checkpoint.path, reason) }
        // In the order of the experiment file, so that the first difference is the one that explains the others.
        for (key, value) in plan.experiment.settings where !Self.isHarmless(key) {
            guard let former = saved.settings[key], former != value else { continue }
            throw refuse(
                "was made with \(key): \(former), and this experiment says \(value); give \(key)=\(former), "
                    + "or begin again without checkpoint.resume")
        }
        guard saved.layout == now.layout, saved.parameters == now.parameters else {
            throw refuse(
                "holds models of another layout (\(saved.parameters) parameters, fingerprint \(saved.layout)) than "
                    + "\(plan.experiment.model.name) has here (\(now.parameters), \(now.layout)); resume with the data "
                    + "and the build of the saved run")
        }
        guard saved.data == nil || Self.isSameData(saved.data, now.data) else {
            throw refuse(
                "learned from other samples or weights (\(saved.data ?? "")) than lie here (\(now.data ?? "")); resume "
                    + "with those of the saved run (data.path, model.weights), or begin again without "
                    + "checkpoint.resume")
        }
        guard saved.stepsMade.count == plan.experiment.peers else {
            throw refuse("is of \(saved.stepsMade.count) peers, and this experiment has \(plan.experiment.peers)")
        }
        try checkLength(plan, saved)
        // A state that cannot be read is found now, not when the run's folder is touched already.
        _ = try TrainingRun.Resumed(checkpoint, plan)
    }

    /// Whether the samples are the same, and the weights that were begun with where both know of any: a checkpoint
    /// holds what has become of them.
    private static func isSameData(_ saved: String?, _ now: String?) -> Bool {
        guard let saved, let now else { return saved == now }
        let mark = NetworkWorkload.weightsMark
        return saved == now || saved.hasPrefix(now + mark) || now.hasPrefix(saved + mark)
    }

    /// A run that begins again begins where it began.
    private func refuseOtherStart(_ plan: TrainingPlan) throws(CheckpointError) {
        guard plan.experiment.weights == nil, let run,
            let configuration = try? DurableFiles.content(of: "\(run)/config.yaml", atMost: 1 << 20),
            let settings = try? RunSettings.read(String(decoding: configuration, as: UTF8.self)),
            let former = settings.first(where: { $0.key == "model.weights" })?.value, former != "null"
        else { return }
        throw CheckpointError(
            .unfit, run,
            "was cut off before its first checkpoint and begins again, from its weights: give model.weights=\(former), "
                + "or begin another run without checkpoint.resume")
    }

    /// A run may become longer or shorter, but not end before its checkpoint, nor go on when a peer has ended.
    private func checkLength(_ plan: TrainingPlan, _ saved: CheckpointManifest) throws(CheckpointError) {
        func refuse(_ reason: String) -> CheckpointError { CheckpointError(.unfit, checkpoint?.path ?? "", reason) }
        guard plan.steps != saved.steps else { return }
        guard saved.step < plan.steps else {
            throw refuse(
                "has made \(saved.step) of its \(saved.steps) steps, and this experiment ends after \(plan.steps); "
                    + "give more epochs or steps")
        }
        if let (peer, steps) = saved.ended {
            throw refuse(
                "was made when peer \(peer) had ended after \(steps) steps, so the run cannot end after "
                    + "\(plan.steps); leave epochs and steps as they were, or resume from an earlier checkpoint")
        }
    }

    /// The folder in which the run goes on, made ready for it; nil where it is to be made as for a new run.
    ///
    /// Call it when nothing can refuse the run any more: its old summary goes, because the run is no longer over.
    public func folder() throws(OutputError) -> RunFolder? {
        guard isInPlace, let run, let lock else { return nil }
        let folder = RunFolder(resuming: run, lock)
        if unlink(folder.file("summary.json")) != 0, errno != ENOENT {
            throw OutputError(folder.file("summary.json"), errno: errno)
        }
        if let checkpoint {
            CheckpointFolder(run: run, keepLast: 1).setAside(behind: DurableFiles.name(of: checkpoint.path))
        }
        return folder
    }

    /// The records of the run that goes on, in its new or old folder, and a sentence on what was dropped of them.
    public func metrics(in folder: RunFolder) throws -> (writer: MetricsWriter, remark: String?) {
        let path = folder.file("metrics.jsonl")
        guard let run else { return (try MetricsWriter(path), nil) }
        let lines = try checkpoint?.state().metricsLines ?? 0
        return try MetricsWriter.resuming(
            "\(run)/metrics.jsonl", at: isInPlace ? "\(run)/metrics.jsonl" : path, lines: lines)
    }

    // MARK: Where it lies

    private static let last = "last"

    private static func place(
        _ resume: String, name: String, output: String?
    ) throws(CheckpointError) -> (run: String?, checkpoint: String?) {
        if resume == last {
            guard let run = output ?? newestRun(name) else {
                throw CheckpointError(
                    .missing, "runs",
                    "there is no run named '\(name)' to go on with; name its folder with --output, or leave "
                        + "checkpoint.resume out")
            }
            return (run, try newest(of: run))
        }
        let path = trimmed(resume)
        guard DurableFiles.kind(of: path) == .folder else {
            throw CheckpointError(
                .missing, path, "there is no such checkpoint or run; checkpoint.resume=last takes the newest")
        }
        let isCheckpoint = CheckpointFolder.order(of: DurableFiles.name(of: path)) != nil
        guard isCheckpoint || DurableFiles.kind(of: "\(path)/\(Checkpoint.manifestName)") == .other else {
            return (path, try newest(of: path))
        }
        let parent = DurableFiles.parent(of: path)
        let run = DurableFiles.parent(of: parent)
        let isInRun =
            DurableFiles.name(of: parent) == "checkpoints" && DurableFiles.kind(of: "\(run)/config.yaml") == .other
        return (isInRun ? run : nil, path)
    }

    /// The newest checkpoint of a run; nil where the run was cut off before its first.
    private static func newest(of run: String) throws(CheckpointError) -> String? {
        if let name = CheckpointFolder.names(in: "\(run)/checkpoints").last { return "\(run)/checkpoints/\(name)" }
        let isRun = DurableFiles.kind(of: "\(run)/config.yaml") == .other
        guard isRun, DurableFiles.kind(of: "\(run)/summary.json") == .nothing else {
            throw CheckpointError(
                .missing, run,
                DurableFiles.kind(of: run) == .nothing
                    ? "there is no such run to go on with; leave checkpoint.resume out to begin it"
                    : "holds no checkpoint to go on from; leave checkpoint.resume out to begin again")
        }
        return nil
    }

    /// The folder `runs/NAME-YYYYMMDD-HHMMSS` whose run was begun or resumed last by its own record, of several in one
    /// second the one with the greatest number.
    private static func newestRun(_ name: String) -> String? {
        let runs = DurableFiles.names(in: "runs").compactMap { entry -> (path: String, time: String, number: Int)? in
            guard entry.hasPrefix(name + "-") else { return nil }
            let parts = entry.dropFirst(name.count + 1).split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count >= 2, parts.count <= 3, parts[0].count == 8, parts[1].count == 6,
                parts.allSatisfy({ Int($0) != nil })
            else { return nil }
            let path = "runs/\(entry)"
            let recorded = Environment(inRun: path)?.started
            return (path, recorded ?? "\(parts[0])-\(parts[1])", parts.count == 3 ? Int(parts[2]) ?? 0 : 1)
        }
        return runs.max { ($0.time, $0.number) < ($1.time, $1.number) }?.path
    }

    /// The complaint, with the newest checkpoint before the damaged one that is whole.
    private static func withOlder(_ error: CheckpointError, _ path: String) -> CheckpointError {
        let folder = DurableFiles.parent(of: path)
        let older = CheckpointFolder.names(in: folder).prefix { $0 != DurableFiles.name(of: path) }.reversed()
        for name in older where (try? Checkpoint(verifying: "\(folder)/\(name)")) != nil {
            return CheckpointError(
                error.kind, error.path,
                "\(error.reason); the checkpoint before it is whole: checkpoint.resume=\(folder)/\(name)")
        }
        return CheckpointError(
            error.kind, error.path, "\(error.reason); there is no whole one before it to go on from")
    }

    /// Settings that change nothing in what is saved.
    private static func isHarmless(_ key: String) -> Bool {
        ["name", "epochs", "steps", "threads_per_peer", "data.path", "data.workers", "model.weights"].contains(key)
            || ["evaluate.", "checkpoint.", "save.", "simulation.", "transport."].contains { key.hasPrefix($0) }
    }

    private static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    private static func isSame(_ first: String?, _ second: String?) -> Bool {
        guard let first, let second else { return false }
        func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        return resolved(first) == resolved(second)
    }
}
