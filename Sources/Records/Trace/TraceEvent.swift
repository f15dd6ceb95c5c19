import Configuration

/// An event of a trace, as a line in the form of Chrome's trace viewer. Every peer is a process there, with a row for
/// what it computes and waits for, and one for what it handles.
package struct TraceEvent {
    /// The rows of a peer; the raw values are the thread numbers of the file.
    package enum Row: Int {
        case computing, handling
    }

    /// The event behind a comma and a newline, as it stands in the file.
    package let line: String

    private init(_ kind: Character, _ name: String, peer: Int, row: Row, _ fields: String) {
        line = ",\n{\"ph\":\"\(kind)\",\"name\":\(JSON.quoted(name)),\"pid\":\(peer),\"tid\":\(row.rawValue)\(fields)}"
    }

    /// What was done between two moments, in nanoseconds.
    package static func slice(
        _ name: String, _ category: String, peer: Int, row: Row, from begin: Int64, to end: Int64
    ) -> TraceEvent {
        TraceEvent(
            "X", name, peer: peer, row: row,
            #","cat":"\#(category)","ts":\#(microseconds(begin)),"dur":\#(microseconds(end - begin))"#)
    }

    /// An end of a message's arrow, within a slice of its row. Both ends have the same number.
    package static func arrow(isEnd: Bool, number: UInt64, peer: Int, at time: Int64) -> TraceEvent {
        TraceEvent(
            isEnd ? "f" : "s", "message", peer: peer, row: .handling,
            #","cat":"message","ts":\#(microseconds(time)),"id":"\#(hexadecimal(number))""#
                + (isEnd ? #","bp":"e""# : ""))
    }

    /// Something that befell a peer, or the message of that number.
    package static func mark(_ what: String, message: UInt64? = nil, peer: Int, at time: Int64) -> TraceEvent {
        let number = message.map { #","args":{"message":"\#(hexadecimal($0))"}"# } ?? ""
        return TraceEvent(
            "i", what, peer: peer, row: .handling,
            #","cat":"fault","ts":\#(microseconds(time)),"s":"\#(message == nil ? "p" : "t")"\#(number)"#)
    }

    /// The names of a peer and of its rows, and its place among the others.
    package static func names(_ name: String, peer: Int) -> [TraceEvent] {
        func meta(_ kind: String, _ row: Row, _ value: String) -> TraceEvent {
            TraceEvent("M", kind, peer: peer, row: row, #","args":{\#(value)}"#)
        }
        return [
            meta("process_name", .computing, #""name":\#(JSON.quoted(name))"#),
            meta("process_sort_index", .computing, #""sort_index":\#(peer)"#),
            meta("thread_name", .computing, #""name":"computing""#),
            meta("thread_name", .handling, #""name":"communicating""#),
        ]
    }

    private static func microseconds(_ nanoseconds: Int64) -> String {
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1000)
        return rest == 0 ? "\(whole)" : "\(whole)." + String("\(1000 + rest)".dropFirst())
    }

    private static func hexadecimal(_ number: UInt64) -> String { "0x" + String(number, radix: 16) }
}
