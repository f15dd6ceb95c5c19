import Configuration
import Foundation
import Synchronization

/// Writes `metrics.jsonl`, one record a line, from any thread.
///
/// Every record goes to the system at once, so that none waits for a later one and a crash of the process loses none.
public final class MetricsWriter: Sendable {
    private let path: String
    private let file: Mutex<File>

    private struct File {
        var descriptor: Int32
        /// The bytes of whole lines.
        var length = 0
        var lines = 0
        var failure: OutputError?
    }

    /// Makes the file, which must not exist.
    public convenience init(_ path: String) throws(OutputError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputError(path, errno: errno) }
        self.init(path, descriptor: descriptor)
    }

    /// Takes over an open file.
    package init(_ path: String, descriptor: Int32, length: Int = 0, lines: Int = 0) {
        self.path = path
        file = Mutex(File(descriptor: descriptor, length: length, lines: lines))
    }

    public convenience init(in folder: RunFolder) throws(OutputError) {
        try self.init(folder.file("metrics.jsonl"))
    }

    deinit {
        file.withLock { file in
            if file.descriptor >= 0 { _ = Foundation.close(file.descriptor) }
        }
    }

    /// Writes records. When the disk is full, whole lines are kept, and this and every later call throws.
    public func write(_ records: MetricsRecord...) throws(OutputError) {
        let text = records.map { $0.json.text + "\n" }.joined()
        try file.withLock { (file) throws(OutputError) in
            if let failure = file.failure { throw failure }
            precondition(file.descriptor >= 0, "a record came after \(path) was closed")
            let bytes = Array(text.utf8)
            let code = DurableFiles.writeAll(bytes, to: file.descriptor)
            guard code == 0 else {
                // Half a line would spoil the file for its readers.
                _ = ftruncate(file.descriptor, file.length)
                let failure = OutputError(path, errno: code)
                file.failure = failure
                throw failure
            }
            file.length += bytes.count
            file.lines += records.count
        }
    }

    /// Lines in the file.
    package var lineCount: Int { file.withLock { $0.lines } }

    /// Brings everything to the disk.
    package func synchronize() throws(OutputError) {
        try file.withLock { (file) throws(OutputError) in
            if let failure = file.failure { throw failure }
            // A pipe and the like have no disk to be brought to.
            guard fsync(file.descriptor) == 0 || errno == EINVAL else { throw OutputError(path, errno: errno) }
        }
    }

    /// Brings everything to the disk and ends the file.
    public func close() throws(OutputError) {
        try file.withLock { (file) throws(OutputError) in
            guard file.descriptor >= 0 else { return }
            let code = fsync(file.descriptor) == 0 ? 0 : errno
            _ = Foundation.close(file.descriptor)
            file.descriptor = -1
            if let failure = file.failure { throw failure }
            guard code == 0 else { throw OutputError(path, errno: code) }
        }
    }
}
