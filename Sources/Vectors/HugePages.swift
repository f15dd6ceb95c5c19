#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Asks the system to keep what a process has in memory on pages of 2 MB. With the models of thousands of peers, each
/// of whom has its turn once in a while, a processor else looks up an address in memory for every 4 KB it comes to.
///
/// Where the system knows no such pages, or has none left, nothing happens. No number depends on it.
public struct HugePages: ~Copyable {
    /// How far the heap reached when it was last asked for.
    private var heapEnd: UInt

    /// Bytes that the heap must have grown by before that is worth asking again.
    private static let leastGrowth: UInt = 32 << 20
    private static let pageBytes: UInt = 2 << 20
    /// Since Linux 6.1: at once, and not whenever the system gets round to it.
    private static let collapseAdvice: Int32 = 25

    /// Begins to follow the heap as it is.
    public init() { heapEnd = Self.heapEnd }

    private static var heapEnd: UInt {
        #if os(Linux)
            UInt(bitPattern: sbrk(0))
        #else
            0
        #endif
    }

    /// Asks for all that is in memory now, if the heap has grown by much since the last time, or the beginning.
    public mutating func follow() {
        #if os(Linux)
            let end = Self.heapEnd
            guard end > heapEnd + Self.leastGrowth else { return }
            heapEnd = end
            for range in Self.writable { Self.ask(for: range) }
        #endif
    }

    #if os(Linux)
        private static func ask(for range: Range<UInt>) {
            let first = (range.lowerBound + pageBytes - 1) & ~(pageBytes - 1)
            let end = range.upperBound & ~(pageBytes - 1)
            guard first < end, let start = UnsafeMutableRawPointer(bitPattern: first) else { return }
            guard madvise(start, Int(end - first), MADV_HUGEPAGE) == 0 else { return }
            // Where it is not known, or only a part of it is in memory, the advice stands all the same.
            _ = madvise(start, Int(end - first), collapseAdvice)
        }
    #endif

    /// The heap, and large private memory that belongs to no file.
    static var writable: [Range<UInt>] {
        var ranges: [Range<UInt>] = []
        for line in maps.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard words.count >= 5, words[1] == "rw-p", words[4] == "0", words.count == 5 || words[5] == "[heap]"
            else { continue }
            let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            if ends.count == 2, ends[0] < ends[1] { ranges.append(ends[0]..<ends[1]) }
        }
        return ranges
    }

    /// What the system says of the process' memory; empty where it says nothing.
    private static var maps: [UInt8] {
        let file = open("/proc/self/maps", O_RDONLY)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &part, part.count)
            guard count > 0 else { return text }
            text += part[..<count]
        }
    }
}
