import Foundation

extension MetricsWriter {
    /// Goes on with the records of a run that is resumed: its first `lines` lines are kept, what was written after the
    /// checkpoint is dropped, and so is a last line that was torn when the run died.
    ///
    /// - Parameters:
    ///   - former: The file of the run, which may be gone.
    ///   - path: Where records go on: the same file, which is cut, or one that does not exist yet.
    /// - Returns: The writer, and a sentence on what was dropped or is missing, if anything.
    public static func resuming(
        _ former: String, at path: String, lines: Int
    ) throws(OutputError) -> (writer: MetricsWriter, remark: String?) {
        let bytes = [UInt8](FileManager.default.contents(atPath: former) ?? Data())
        let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        let kept = min(lines, ends.count)
        let length = kept > 0 ? ends[kept - 1] : 0
        let isTorn = bytes.count > (ends.last ?? 0)
        let flags = path == former ? O_WRONLY | O_CREAT | O_CLOEXEC : O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        let descriptor = open(path, flags, 0o644)
        guard descriptor >= 0 else { throw OutputError(path, errno: errno) }
        var code: Int32 = 0
        if path == former {
            if ftruncate(descriptor, length) != 0 || lseek(descriptor, 0, SEEK_END) < 0 { code = errno }
        } else {
            code = DurableFiles.writeAll(Array(bytes[..<length]), to: descriptor)
        }
        guard code == 0 else {
            _ = Foundation.close(descriptor)
            throw OutputError(path, errno: code)
        }
        let writer = MetricsWriter(path, descriptor: descriptor, length: length, lines: kept)
        return (writer, remark(former, kept: kept, of: lines, dropped: ends.count - kept, isTorn: isTorn))
    }

    private static func remark(_ path: String, kept: Int, of lines: Int, dropped: Int, isTorn: Bool) -> String? {
        var parts: [String] = []
        if dropped > 0 {
            parts.append("\(dropped) \(dropped == 1 ? "line" : "lines") from after the checkpoint dropped")
        }
        if isTorn { parts.append("a torn last line dropped") }
        if kept < lines { parts.append("only \(kept) of the \(lines) lines before the checkpoint are there") }
        return parts.isEmpty ? nil : "\(path): " + parts.joined(separator: ", ")
    }
}
