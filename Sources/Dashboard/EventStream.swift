import Configuration
import Records

/// A run's records as server-sent events, each line with a number by which a reader that was cut off goes on.
///
/// Lines are handed on as they are: whether one is a record is for the page to see, which shows what is none as text.
struct EventStream {
    private let open: () -> RunFollower?
    private var follower: RunFollower?
    /// Lines of the file so far.
    private var count = 0
    /// The last line that the reader has, until it was found.
    private var resumed: (count: Int, fingerprint: String)?
    private var hasBegun = false
    /// Whether everything was told.
    private(set) var isOver = false

    /// - Parameters:
    ///   - lastEventID: what the reader had last; nil where it begins.
    ///   - open: gives a follower of the run from its first line.
    init(lastEventID: String?, open: @escaping () -> RunFollower?) {
        self.open = open
        follower = open()
        let parts = (lastEventID ?? "").split(separator: "-", maxSplits: 1)
        if parts.count == 2, let count = Int(parts[0]), count > 0 { resumed = (count, String(parts[1])) }
    }

    /// What is to be sent now; empty where nothing has happened.
    mutating func next() -> String {
        var text = ""
        if !hasBegun {
            hasBegun = true
            let settings = (follower?.settings ?? []).map { JSON.array([.string($0.key), .string($0.value)]) }
            text += Self.event("run", JSON.array(settings).text)
        }
        guard let news = follower?.next() else { return text }
        // The reader has more than there is: it had another file.
        if news.isEmpty, resumed != nil { return text + begin() }
        for one in news {
            switch one {
            case .restarted: text += again()
            case .line(let line):
                guard let added = take(line) else { return text + begin() }
                text += added
            case .over(let summary):
                isOver = true
                let oneLine = summary.map { Self.inOneLine($0.utf8) } ?? "null"
                text += Self.event("over", oneLine)
            }
        }
        return text
    }

    /// The event of a line, empty where the reader has it; nil where the reader has another line in its place.
    private mutating func take(_ line: [UInt8]) -> String? {
        count += 1
        var fingerprint = Fingerprint()
        let text = Self.inOneLine(line)
        fingerprint.combine(text)
        let mark = fingerprint.value.hexadecimal
        guard let resumed else { return "id: \(count)-\(mark)\ndata: \(text)\n\n" }
        guard count == resumed.count else { return "" }
        self.resumed = nil
        return mark == resumed.fingerprint ? "" : nil
    }

    /// Tells everything from the beginning, since what the reader has is void.
    private mutating func begin() -> String {
        follower = open()
        return again()
    }

    private mutating func again() -> String {
        (count, resumed) = (0, nil)
        return Self.event("restarted", "null")
    }

    private static func event(_ name: String, _ data: String) -> String { "event: \(name)\ndata: \(data)\n\n" }

    /// A text without what would end a line of a stream.
    private static func inOneLine(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
    }
}
