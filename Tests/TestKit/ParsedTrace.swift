import Configuration
import Foundation

/// A `trace.json` as it is read by somebody who did not write it.
public struct ParsedTrace {
    /// Something that took time, in nanoseconds.
    public struct Slice: Hashable {
        public let name: String
        public let category: String
        public let peer: Int
        public let row: Int
        public let begin: Int
        public let end: Int
    }

    public private(set) var slices: [Slice] = []
    /// When each message left and when it was handled, by its number.
    public private(set) var starts: [String: Int] = [:]
    public private(set) var ends: [String: Int] = [:]
    /// The messages of which a frame came to nothing.
    public private(set) var dropped: Set<String> = []
    /// What befell peers, and when.
    public private(set) var marks: [(name: String, peer: Int, time: Int)] = []
    /// The names of the processes, which are peers.
    public private(set) var names: [Int: String] = [:]
    /// What is wrong with it, in sentences.
    public private(set) var complaints: [String] = []

    public init(path: String) throws {
        guard case .array(let events) = try JSON(parsing: Data(contentsOf: URL(filePath: path))) else {
            complaints = ["the file holds no array"]
            return
        }
        for event in events { take(event) }
        checkRows()
        checkArrows()
    }

    private mutating func take(_ event: JSON) {
        guard
            case .string(let kind)? = event["ph"], case .string(let name)? = event["name"],
            case .integer(let peer)? = event["pid"]
        else { return complaints.append("an event lacks its kind, name or process: \(event.text)") }
        let row = if case .integer(let row)? = event["tid"] { row } else { -1 }
        let time = nanoseconds(event["ts"])
        switch kind {
        case "M":
            if name == "process_name", case .string(let value)? = event["args"]?["name"] { names[peer] = value }
        case "X":
            guard let time, let length = nanoseconds(event["dur"]), length >= 0, case .string(let word)? = event["cat"]
            else { return complaints.append("a slice lacks its times: \(event.text)") }
            slices.append(
                Slice(name: name, category: word, peer: peer, row: row, begin: time, end: time + length))
        case "s", "f":
            guard let time, case .string(let id)? = event["id"] else {
                return complaints.append("an arrow lacks its time or number: \(event.text)")
            }
            if (kind == "s" ? starts : ends)[id] != nil { complaints.append("\(id) has two arrows") }
            if kind == "s" { starts[id] = time } else { ends[id] = time }
            // A viewer hangs the arrow's end on the slice that it lies in.
            let isHeld = slices.last.map { $0.peer == peer && $0.row == row && $0.begin <= time && time <= $0.end }
            if isHeld != true { complaints.append("the end of \(id) at \(time) lies in no slice of peer \(peer)") }
        case "i":
            guard let time else { return complaints.append("a mark lacks its time: \(event.text)") }
            marks.append((name, peer, time))
            if case .string(let id)? = event["args"]?["message"] { dropped.insert(id) }
        default: complaints.append("an event of the unknown kind \(kind)")
        }
    }

    private func nanoseconds(_ microseconds: JSON?) -> Int? {
        switch microseconds {
        case .integer(let whole): whole * 1000
        case .number(let number): Int((number * 1000).rounded())
        default: nil
        }
    }

    /// The slices of one row do not overlap.
    private mutating func checkRows() {
        let rows = Dictionary(grouping: slices) { [$0.peer, $0.row] }
        for row in rows.values {
            let sorted = row.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
            for (first, second) in zip(sorted, sorted.dropFirst()) where second.begin < first.end {
                complaints.append("\(first) and \(second) overlap")
            }
        }
    }

    /// Every message is handled, or something is said of its loss; and none comes from nowhere.
    private mutating func checkArrows() {
        for id in starts.keys where ends[id] == nil && !dropped.contains(id) {
            complaints.append("message \(id) leaves and nothing is said of its end")
        }
        for id in ends.keys where starts[id] == nil { complaints.append("message \(id) comes from nowhere") }
    }

    /// Seconds of one category, of one peer.
    public func seconds(_ category: String, of peer: Int) -> Double {
        Double(slices.filter { $0.category == category && $0.peer == peer }.map { $0.end - $0.begin }.reduce(0, +))
            * 1e-9
    }
}
