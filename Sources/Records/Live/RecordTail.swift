import Foundation

/// Follows a file of records that another process is writing: hands out its lines once they are whole, and notices when
/// a run that is resumed has cut the file or put another one in its place.
public struct RecordTail {
    /// What has come since the last look.
    public struct Step {
        /// Whether all lines that were handed out before are void: these are the first ones of the file.
        public internal(set) var isRestarted = false
        /// Whole lines without their ends.
        public internal(set) var lines: [[UInt8]] = []
    }

    private let path: String
    /// Which file it was at the last look.
    private var identity: [UInt64]?
    /// Bytes that were read, and the last of them, which must still be there at the next look.
    private var offset = 0
    private var lastBytes: ArraySlice<UInt8> = []
    /// The beginning of a line whose end has not come.
    private var rest: [UInt8] = []
    /// Whether the line under way is longer than any record, and left out.
    private var isSkipping = false

    private static let blockLength = 1 << 18
    private static let rememberedLength = 256
    private static let longestLine = 1 << 20

    /// Follows the file at that path, which need not be there yet.
    public init(_ path: String) { self.path = path }

    /// The lines of the next block of the file; none at its end.
    public mutating func next() -> Step {
        var step = Step()
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return step }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return step }
        let found = [UInt64(status.st_dev), UInt64(status.st_ino)]
        if let identity, identity != found || !isContinued(descriptor) {
            self = RecordTail(path)
            step.isRestarted = true
        }
        identity = found
        let block = Self.bytes(descriptor, at: offset, atMost: Self.blockLength)
        offset += block.count
        lastBytes = (lastBytes + block).suffix(Self.rememberedLength)
        cut(block, into: &step.lines)
        return step
    }

    /// Whether what was read last is still there.
    private func isContinued(_ descriptor: Int32) -> Bool {
        Self.bytes(descriptor, at: offset - lastBytes.count, atMost: lastBytes.count)[...] == lastBytes
    }

    private mutating func cut(_ block: [UInt8], into lines: inout [[UInt8]]) {
        var begin = 0
        while let end = block[begin...].firstIndex(of: UInt8(ascii: "\n")) {
            if !isSkipping { lines.append(rest + block[begin..<end]) }
            (rest, isSkipping) = ([], false)
            begin = end + 1
        }
        rest += block[begin...]
        if rest.count > Self.longestLine { (rest, isSkipping) = ([], true) }
    }

    private static func bytes(_ descriptor: Int32, at offset: Int, atMost count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found = pread(descriptor, &bytes, count, offset)
        return Array(bytes.prefix(max(0, found)))
    }
}
