import Configuration
public import Experiments
import Foundation

/// The folder of one run, in which everything that it leaves behind lies. As long as the value lives, no other process
/// takes the folder for a run of its own.
///
/// A folder that is to replace an earlier one is built beside it and takes its place in `finish`: whatever goes wrong
/// before leaves the earlier results untouched.
public struct RunFolder: Sendable {
    /// Where files are written now.
    public let path: String
    /// Where the folder lies in the end; differs from `path` while an earlier folder is being replaced.
    public let finalPath: String
    private let locks: [RunLock]

    package init(path: String, finalPath: String, locks: [RunLock]) {
        self.path = path
        self.finalPath = finalPath
        self.locks = locks
    }

    /// The folder of a run that goes on in it, by whoever has the right to.
    package init(resuming path: String, _ lock: RunLock) {
        (self.path, finalPath) = (path, path)
        locks = [lock]
    }

    private init(new path: String, finalPath: String, locks: [RunLock] = []) throws(OutputError) {
        (self.path, self.finalPath) = (path, finalPath)
        self.locks = locks + [try RunLock(path)]
    }

    /// Makes the folder of a run.
    ///
    /// - Parameters:
    ///   - output: The folder the user asked for; nil for `runs/NAME-TIMESTAMP`. Links are followed.
    ///   - name: The experiment's name.
    ///   - timestamp: The present, as `YYYYMMDD-HHMMSS` in UTC.
    ///   - force: Whether the folder of an earlier run may be replaced.
    public static func create(
        output: String?, name: String, timestamp: String, force: Bool
    ) throws(OutputError) -> RunFolder {
        guard let output else {
            let path = try makeUnused("runs/\(name)-\(timestamp)")
            return try RunFolder(new: path, finalPath: path)
        }
        try check(output: output, force: force)
        let path = trimmed(output)
        guard DurableFiles.isTaken(path) else {
            try make(path)
            return try RunFolder(new: path, finalPath: path)
        }
        let place = DurableFiles.resolved(path) ?? path
        let former = try RunLock(place)
        return try RunFolder(new: makeUnused(place + ".new"), finalPath: place, locks: [former])
    }

    /// Throws when `create` would refuse the folder because of what lies there, or `finish` could not replace it; makes
    /// nothing.
    public static func check(output: String?, force: Bool) throws(OutputError) {
        guard let output else { return }
        let path = trimmed(output)
        if path.isEmpty { throw OutputError("--output", "the name of a folder is expected") }
        switch DurableFiles.kind(of: path) {
        case .nothing where DurableFiles.isTaken(path):
            throw OutputError(path, "is a link that leads nowhere; remove it, or choose another --output")
        case .nothing: break
        case .other:
            throw OutputError(path, "is there and is no folder; choose another --output")
        case .folder where !force:
            throw OutputError(path, "exists already; choose another --output, or replace it with --force")
        case .folder:
            try checkReplaceable(DurableFiles.resolved(path) ?? path)
        }
    }

    /// Puts the finished folder in its place. Does nothing for a folder that replaces none.
    public func finish() throws(OutputError) {
        guard path != finalPath else { return }
        let former = try Self.makeUnused(finalPath + ".former")
        guard rename(finalPath, former) == 0 else {
            let code = errno
            rmdir(former)
            throw OutputError(finalPath, errno: code)
        }
        guard rename(path, finalPath) == 0 else {
            let code = errno
            rename(former, finalPath)
            throw OutputError(finalPath, errno: code)
        }
        try DurableFiles.synchronize(folder: DurableFiles.parent(of: finalPath))
        // The new results are in place: a rest of the former ones is untidy, not wrong. What somebody has put among
        // them meanwhile stays.
        if Self.stray(in: former) == nil { try? FileManager.default.removeItem(atPath: former) }
    }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a whole file of the folder, or none of it.
    public func write(_ text: String, to name: String) throws(OutputError) {
        try DurableFiles.writeAtomically(text, to: file(name))
    }

    /// Writes what the run is and where it runs, before it begins.
    public func writeDescription(_ loaded: LoadedExperiment, environment: Environment) throws(OutputError) {
        // By the first one the folder is known to be a run's.
        try write(environment.json.indented + "\n", to: Environment.fileName)
        try write(loaded.experiment.yaml, to: "config.yaml")
        try write(loaded.overrides.map { $0 + "\n" }.joined(), to: "overrides.txt")
    }

    /// Writes the graph of the run's peers, where it is small enough to be recorded.
    public func writeGraph(_ graph: GraphRecord?) throws(OutputError) {
        if let graph { try write(graph.text, to: GraphRecord.fileName) }
    }

    /// Writes what came out. The last file of a run: whoever finds it finds a whole run.
    public func writeSummary(_ summary: Summary) throws(OutputError) {
        try write(summary.text(indented: true) + "\n", to: "summary.json")
    }

    // MARK: What may be replaced

    /// What a run leaves in its folder, besides the tensors of models.
    private static let known: Set<String> = [
        Environment.fileName, "config.yaml", "overrides.txt", "metrics.jsonl", "summary.json", "simulation.json",
        "report.html", "checkpoints", TraceFile.name, GraphRecord.fileName, PredictionsRecord.fileName,
        StatusRecord.fileName,
        StatusRecord.metricsName, "csv",
        "tensorboard",
    ]

    /// Throws unless the folder at a resolved path is empty or proven to be a run's, and can be renamed.
    private static func checkReplaceable(_ path: String) throws(OutputError) {
        func refuse(_ reason: String) -> OutputError {
            OutputError(path, "\(reason), so --force leaves it alone; choose another --output")
        }
        if let stray = stray(in: path) { throw refuse(stray) }
        if path == "/" || DurableFiles.isMountPoint(path) {
            throw refuse("is where a file system begins, which cannot be replaced")
        }
        if let here = DurableFiles.resolved("."), (here + "/").hasPrefix(path + "/") {
            throw refuse("is the folder in which murmur was started, or one above it")
        }
        guard access(DurableFiles.parent(of: path), W_OK | X_OK) == 0 else {
            throw refuse("lies in a folder that may not be written")
        }
    }

    /// Why a folder is not one that holds a run and nothing else, as the rest of a sentence; nil where it is, or where
    /// it holds nothing.
    private static func stray(in path: String) -> String? {
        let names = DurableFiles.names(in: path)
        guard !names.isEmpty else { return access(path, R_OK) == 0 ? nil : "exists and cannot be read" }
        guard Environment(inRun: path) != nil else {
            return
                "exists and is not proven to be the folder of a run (there is no \(Environment.fileName) of murmur's)"
        }
        return names.first { !known.contains($0) && !$0.hasSuffix(".safetensors") && !isDraft($0) }.map {
            "holds '\($0)', which is no record of a run"
        }
    }

    /// What a process left that died while it wrote.
    private static func isDraft(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(".tmp") }

    // MARK: Names

    /// The path without slashes at its end.
    private static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// Makes a folder of this name, or with a number behind it where the name is taken, be it at this very moment.
    package static func makeUnused(_ path: String) throws(OutputError) -> String {
        try makeParent(of: path)
        var candidate = path
        var number = 2
        while mkdir(candidate, 0o755) != 0 {
            guard errno == EEXIST else { throw OutputError(candidate, errno: errno) }
            candidate = "\(path)-\(number)"
            number += 1
        }
        return candidate
    }

    /// Makes a folder that is not there, and those above it.
    private static func make(_ path: String) throws(OutputError) {
        try makeParent(of: path)
        guard mkdir(path, 0o755) == 0 else { throw OutputError(path, errno: errno) }
    }

    private static func makeParent(of path: String) throws(OutputError) {
        let parent = DurableFiles.parent(of: path)
        guard DurableFiles.kind(of: parent) == .nothing else { return }
        try makeParent(of: parent)
        guard mkdir(parent, 0o755) == 0 || errno == EEXIST else { throw OutputError(parent, errno: errno) }
    }
}
