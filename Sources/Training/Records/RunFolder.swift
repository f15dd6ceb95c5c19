import Foundation

/// The folder of one run, in which everything that it leaves behind lies.
///
/// A folder that is to replace an earlier one is built beside it and takes its place in `finish`: whatever goes wrong
/// before leaves the earlier results untouched.
public struct RunFolder: Sendable, Hashable {
    /// Where files are written now.
    public let path: String
    /// Where the folder lies in the end; differs from `path` while an earlier folder is being replaced.
    public let finalPath: String

    /// Makes the folder of a run.
    ///
    /// - Parameters:
    ///   - output: The folder the user asked for; nil for `runs/NAME-TIMESTAMP`.
    ///   - name: The experiment's name.
    ///   - timestamp: The present, as `YYYYMMDD-HHMMSS`.
    ///   - force: Whether the folder of an earlier run may be replaced.
    public static func create(
        output: String?, name: String, timestamp: String, force: Bool
    ) throws(OutputError) -> RunFolder {
        guard let output else {
            let path = try makeUnused("runs/\(name)-\(timestamp)")
            return RunFolder(path: path, finalPath: path)
        }
        let path = trimmed(output)
        try check(output: path, force: force)
        if Disk.kind(of: path) == .nothing {
            try make(path)
            return RunFolder(path: path, finalPath: path)
        }
        return RunFolder(path: try makeUnused(path + ".new"), finalPath: path)
    }

    /// Throws when `create` would refuse the folder because of what lies there; makes nothing.
    public static func check(output: String?, force: Bool) throws(OutputError) {
        guard let output else { return }
        let path = trimmed(output)
        if path.isEmpty { throw OutputError("--output", "the name of a folder is expected") }
        switch Disk.kind(of: path) {
        case .nothing: break
        case .other:
            throw OutputError(path, "is there and is no folder; choose another --output")
        case .folder where !force:
            throw OutputError(path, "exists already; choose another --output, or replace it with --force")
        case .folder:
            guard isReplaceable(path) else {
                throw OutputError(
                    path,
                    "exists and does not look like the folder of a run, so --force leaves it alone; "
                        + "choose another --output")
            }
        }
    }

    /// Puts the finished folder in its place. Does nothing for a folder that replaces none.
    public func finish() throws(OutputError) {
        guard path != finalPath else { return }
        let former = Self.unused(finalPath + ".former")
        guard rename(finalPath, former) == 0 else { throw OutputError(finalPath, errno: errno) }
        guard rename(path, finalPath) == 0 else {
            let code = errno
            rename(former, finalPath)
            throw OutputError(finalPath, errno: code)
        }
        try Disk.synchronize(folder: Disk.parent(of: finalPath))
        // The new results are in place: a rest of the former ones is untidy, not wrong.
        try? FileManager.default.removeItem(atPath: former)
    }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a whole file of the folder, or none of it.
    public func write(_ text: String, to name: String) throws(OutputError) {
        try Disk.writeAtomically(text, to: file(name))
    }

    /// Writes what the run is and where it runs, before it begins.
    public func writeDescription(_ loaded: LoadedExperiment, environment: Environment) throws(OutputError) {
        try write(loaded.experiment.yaml, to: "config.yaml")
        try write(loaded.overrides.map { $0 + "\n" }.joined(), to: "overrides.txt")
        try write(environment.json.indented + "\n", to: "environment.json")
    }

    /// Writes what came out. The last file of a run: whoever finds it finds a whole run.
    public func writeSummary(_ summary: Summary) throws(OutputError) {
        try write(summary.text(indented: true) + "\n", to: "summary.json")
    }

    private static func isReplaceable(_ path: String) -> Bool {
        let isRun = ["config.yaml", "summary.json"].contains { Disk.kind(of: "\(path)/\($0)") == .other }
        return isRun || (try? FileManager.default.contentsOfDirectory(atPath: path).isEmpty) == true
    }

    /// The path without slashes at its end.
    private static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// Makes a folder of this name, or with a number behind it where the name is taken.
    private static func makeUnused(_ path: String) throws(OutputError) -> String {
        let free = unused(path)
        try make(free)
        return free
    }

    private static func unused(_ path: String) -> String {
        var candidate = path
        var number = 2
        while Disk.kind(of: candidate) != .nothing {
            candidate = "\(path)-\(number)"
            number += 1
        }
        return candidate
    }

    /// Makes a folder that is not there, and those above it.
    private static func make(_ path: String) throws(OutputError) {
        let parent = Disk.parent(of: path)
        if Disk.kind(of: parent) == .nothing { try make(parent) }
        guard mkdir(path, 0o755) == 0 else { throw OutputError(path, errno: errno) }
    }
}
