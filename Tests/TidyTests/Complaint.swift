/// One breach of a habit: where it stands and what to do instead.
struct Complaint: Equatable, CustomStringConvertible {
    let file: String
    /// Counted from 1.
    let line: Int
    let message: String

    var description: String { "\(file):\(line): \(message)" }
}

/// A file of the repository as the rules see it.
struct SourceFile {
    /// From the root of the repository, such as `Sources/Gossip/Contract/Event.swift`.
    let path: String
    let text: String

    /// The lines without their ends; a newline at the end of the file opens no further line.
    var lines: [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var isC: Bool { path.hasSuffix(".c") || path.hasSuffix(".h") }
    var isSource: Bool { path.hasPrefix("Sources/") }

    /// Whether the file is one of `places`: a folder when it ends in a slash, else a file.
    func lies(in places: [String]) -> Bool {
        places.contains { $0.hasSuffix("/") ? path.hasPrefix($0) : path == $0 }
    }

    func complaint(line: Int = 1, _ message: String) -> Complaint {
        Complaint(file: path, line: line, message: message)
    }
}
