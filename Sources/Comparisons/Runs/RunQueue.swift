import Foundation
import Records
import Synchronization

/// Carries planned runs out, each by a process of its own, some side by side; runs whose records are there already are
/// not made again.
public struct RunQueue: Sendable {
    /// The path of `murmur`.
    private let program: String
    /// The folder with a folder for each run.
    private let folder: String
    /// How many run at a time.
    private let jobs: Int

    /// How far a queue is.
    public struct Progress: Sendable {
        /// Runs that are over, be they new or not.
        public var done = 0
        /// All runs.
        public var total = 0
        /// Names of those under way.
        public var running: [String] = []
    }

    /// - Parameters:
    ///   - program: the path of `murmur`.
    ///   - folder: where each run gets a folder of its name.
    ///   - jobs: how many run at a time.
    public init(program: String, folder: String, jobs: Int) {
        self.program = program
        self.folder = folder
        self.jobs = jobs
    }

    /// Where the records of a run lie.
    public func folder(of run: PlannedRun) -> String { "\(folder)/\(run.name)" }

    /// Makes the runs that are not there, in their order, and reads all.
    ///
    /// - Parameters:
    ///   - isStopRequested: asked now and then; when it says so, the runs under way are asked to end, and no other
    ///     begins.
    ///   - report: told whenever a run begins or ends.
    ///
    /// Throws when a process cannot be started.
    public func carryOut(
        _ runs: [PlannedRun], isStopRequested: () -> Bool = { false }, report: (Progress) -> Void = { _ in }
    ) throws -> [RunOutcome] {
        var outcomes = runs.map { run in
            FinishedRun(run, in: folder(of: run)).map(RunOutcome.finished) ?? .missing(run)
        }
        var waiting = runs.indices.filter { outcomes[$0].finished == nil }
        var running: [Int: Process] = [:]
        let ended = Ended()
        var isStopping = false
        func tell() {
            let names = running.keys.sorted().map { runs[$0].name }
            let open = waiting.count + running.count
            report(Progress(done: runs.count - open, total: runs.count, running: names))
        }
        tell()
        while !waiting.isEmpty || !running.isEmpty {
            while running.count < jobs, !waiting.isEmpty, !isStopping {
                let index = waiting.removeFirst()
                running[index] = try start(runs[index]) { ended.note(index) }
                tell()
            }
            if running.isEmpty { break }
            // A second signal would end them before their last records are written.
            if !isStopping, isStopRequested() {
                isStopping = true
                waiting = []
                for process in running.values { process.terminate() }
            }
            guard let index = ended.next(within: 0.2), let process = running.removeValue(forKey: index) else {
                continue
            }
            outcomes[index] = outcome(of: runs[index], status: process.terminationStatus)
            tell()
        }
        return outcomes
    }

    /// Runs that have ended and were not looked at.
    private final class Ended: Sendable {
        private let indices = Mutex<[Int]>([])
        private let signal = DispatchSemaphore(value: 0)

        func note(_ index: Int) {
            indices.withLock { $0.append(index) }
            signal.signal()
        }

        func next(within seconds: Double) -> Int? {
            guard signal.wait(timeout: .now() + seconds) == .success else { return nil }
            return indices.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
    }

    private func log(of run: PlannedRun) -> String { "\(folder)/\(run.name).log" }

    private func start(_ run: PlannedRun, whenOver: @escaping @Sendable () -> Void) throws -> Process {
        let process = Process()
        let arguments = run.arguments(output: folder(of: run))
        if case .ranks(let count) = run.host {
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["mpirun", "-np", "\(count)", program] + arguments
        } else {
            process.executableURL = URL(filePath: program)
            process.arguments = arguments
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = log(of: run)
        guard FileManager.default.createFile(atPath: path, contents: nil), let log = FileHandle(forWritingAtPath: path)
        else { throw OutputError(path, "cannot be written; choose another --output") }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = log
        process.terminationHandler = { _ in whenOver() }
        try process.run()
        try? log.close()
        return process
    }

    private func outcome(of run: PlannedRun, status: Int32) -> RunOutcome {
        if let finished = FinishedRun(run, in: folder(of: run)) {
            try? FileManager.default.removeItem(atPath: log(of: run))
            return .finished(finished)
        }
        // Whoever was asked to end has ended well.
        if status == 143 || status == 130 { return .missing(run) }
        let text = (try? String(contentsOfFile: log(of: run), encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").last.map(String.init) ?? "it ended with code \(status)"
        return .failed(run, reason: line.hasPrefix("murmur: ") ? String(line.dropFirst(8)) : line)
    }
}
