import Foundation
import Records

/// The checkpoints of one run: folders `step-N` in the folder `checkpoints` of the run, each whole or not there.
public struct CheckpointFolder: Sendable {
    /// The folder `checkpoints` within that of the run; it is made with the first checkpoint.
    public let path: String
    /// How many checkpoints are kept.
    public let keepLast: Int
    package let faults: CrashPoints

    /// - Parameter run: The folder of the run.
    public init(run: String, keepLast: Int, faults: CrashPoints = CrashPoints()) {
        path = "\(run)/checkpoints"
        self.keepLast = keepLast
        self.faults = faults
    }

    /// The names of the checkpoints, oldest first.
    package static func names(in path: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let known = names.compactMap { name in order(of: name).map { (name: name, order: $0) } }
        return known.sorted { $0.order < $1.order }.map(\.name)
    }

    /// The step in a checkpoint's name, and its number among those of that step; nil for other names.
    package static func order(of name: String) -> (step: UInt64, number: UInt64)? {
        guard name.hasPrefix("step-") else { return nil }
        let parts = name.dropFirst("step-".count).split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt64($0) }
        guard numbers.count == parts.count, (1...2).contains(numbers.count) else { return nil }
        return (numbers[0], numbers.count == 2 ? numbers[1] : 1)
    }

    /// Writes a checkpoint: all its files under another name, then the manifest with their checksums, then the folder
    /// gets its name. Only when that is on the disk, older ones are removed.
    ///
    /// - Parameters:
    ///   - manifest: What the checkpoint is of, without files.
    ///   - body: Writes the files.
    /// - Returns: The path of the checkpoint.
    @discardableResult
    package func save(_ manifest: CheckpointManifest, _ body: (inout CheckpointDraft) throws -> Void) throws -> String {
        if DurableFiles.kind(of: path) == .nothing {
            faults.pass()
            guard mkdir(path, 0o755) == 0 else { throw OutputError(path, errno: errno) }
            try DurableFiles.synchronize(folder: DurableFiles.parent(of: path))
        }
        removeRests()
        let name = unusedName(step: manifest.step)
        var draft = try CheckpointDraft("\(path)/\(name)\(Self.draftEnding)", faults)
        do {
            try body(&draft)
            try draft.finish(manifest, as: "\(path)/\(name)")
        } catch {
            draft.abandon()
            throw error
        }
        prune(behind: name)
        return "\(path)/\(name)"
    }

    /// Puts aside the checkpoints behind the one that a run goes on from: they are of a course that it may not take
    /// again. They are removed when a new one is whole.
    package func setAside(behind name: String) {
        guard let place = Self.order(of: name) else { return }
        for other in Self.names(in: path) {
            guard let order = Self.order(of: other), order > place else { continue }
            rename("\(path)/\(other)", "\(path)/\(other)\(Self.formerEnding)")
        }
    }

    private static let draftEnding = ".tmp"
    private static let formerEnding = ".former"

    private func unusedName(step: UInt64) -> String {
        var name = "step-\(step)"
        var number = 2
        while DurableFiles.kind(of: "\(path)/\(name)") != .nothing {
            name = "step-\(step).\(number)"
            number += 1
        }
        return name
    }

    /// Removes all but the last checkpoints up to a new one, and what was set aside. A checkpoint that cannot be
    /// removed is untidy, not wrong.
    private func prune(behind newest: String) {
        let former = entries().filter { $0.hasSuffix(Self.formerEnding) }
        let names = Self.names(in: path)
        let place = names.firstIndex(of: newest) ?? names.startIndex
        for name in names[...place].dropLast(keepLast) + former {
            // Half a checkpoint must not keep the name of a whole one.
            faults.pass()
            rename("\(path)/\(name)", "\(path)/\(name)\(Self.draftEnding)")
        }
        removeRests()
    }

    /// Removes what a process left that died while it wrote or removed a checkpoint.
    private func removeRests() {
        for name in entries() where name.hasSuffix(Self.draftEnding) {
            faults.pass()
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }

    private func entries() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
}
