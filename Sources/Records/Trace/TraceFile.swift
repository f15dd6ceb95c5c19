import Foundation

/// Writes `trace.json` as its events come: an array in the form of Chrome's trace viewer, which Perfetto reads too,
/// also where a run was killed before the closing bracket.
public final class TraceFile {
    /// The file's name in the folder of a run.
    public static let name = "trace.json"

    private let path: String
    private let limit: Int
    private var descriptor: Int32
    private var length = 0
    /// Events that found no room any more.
    private var lost = 0

    /// Begins the file, in the place of an earlier one.
    ///
    /// - Parameter limit: Bytes; viewers hold a trace in memory, and what is longer none of them opens.
    public init(_ path: String, limit: Int = 256 << 20) throws(OutputError) {
        try DurableFiles.checkReplaceable(path)
        self.path = path
        self.limit = limit
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputError(path, errno: errno) }
        try put(#"[{"ph":"M","name":"process_labels","pid":0,"args":{"labels":"seconds of training"}}"#)
    }

    /// Begins the trace of a run in its folder.
    public convenience init(in folder: RunFolder) throws(OutputError) { try self.init(folder.file(Self.name)) }

    deinit {
        if descriptor >= 0 { _ = Foundation.close(descriptor) }
    }

    /// Writes the lines that a `TraceLog` has gathered, as many as find room.
    public func write(_ lines: String) throws(OutputError) {
        guard !lines.isEmpty else { return }
        let room = limit - length
        guard lines.utf8.count > room else { return try put(lines) }
        // Whole events alone, each with a comma and a newline before it, and none after the first that found no room:
        // the rest would be a trace with holes.
        let bytes = Array(lines.utf8)
        let newline = lost > 0 ? nil : bytes.prefix(room).lastIndex(of: UInt8(ascii: "\n"))
        let kept = newline.map { $0 - 1 } ?? 0
        lost += bytes.dropFirst(kept).count { $0 == UInt8(ascii: "\n") }
        try put(String(decoding: bytes.prefix(kept), as: UTF8.self))
    }

    /// Ends the file. Returns a sentence where it does not hold everything.
    public func close() throws(OutputError) -> String? {
        try put("\n]\n")
        _ = Foundation.close(descriptor)
        descriptor = -1
        return lost == 0
            ? nil
            : "\(path) is full with \(limit >> 20) MB, and \(lost) later events are not in it; trace a shorter run"
    }

    private func put(_ text: String) throws(OutputError) {
        precondition(descriptor >= 0, "an event came after \(path) was closed")
        let bytes = Array(text.utf8)
        let code = DurableFiles.writeAll(bytes, to: descriptor)
        guard code == 0 else { throw OutputError(path, errno: code) }
        length += bytes.count
    }
}
