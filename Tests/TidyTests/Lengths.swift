/// One idea a file, one page a function, lines that fit side by side.
enum Lengths {
    static let fileLimit = 400
    static let functionLimit = 70
    static let lineLimit = 120
    /// Lines of code, comments and blank lines apart, in an algorithm's file: at most, and in the middle one of all.
    static let algorithmLimit = 160
    static let middleAlgorithmLimit = 80

    static func file(_ file: SourceFile) -> [Complaint] {
        guard file.isSource, file.lines.count > fileLimit else { return [] }
        return [
            file.complaint(
                line: fileLimit + 1,
                "\(file.lines.count) lines, at most \(fileLimit) are allowed; split it by idea (Type+Facet)")
        ]
    }

    static func lines(_ file: SourceFile) -> [Complaint] {
        guard file.isSwift || file.isC else { return [] }
        return file.lines.enumerated().filter { $0.element.count > lineLimit }.map { index, line in
            file.complaint(
                line: index + 1, "\(line.count) columns, at most \(lineLimit) are allowed; break the line")
        }
    }

    /// An algorithm lies beside its paper, and is not much longer than the paper's own.
    static func algorithm(_ file: SourceFile) -> [Complaint] {
        let count = codeLineCount(file)
        guard Headers.isAlgorithm(file), count > algorithmLimit else { return [] }
        return [
            file.complaint(
                "\(count) lines of code in an algorithm, at most \(algorithmLimit) are allowed; give what it shares "
                    + "with others a file of its own in Sources/Gossip")
        ]
    }

    /// The lines of code of the middle one of the algorithms' files by length, the longer of two.
    static func middleAlgorithm(_ files: [SourceFile]) -> Int {
        let counts = files.filter(Headers.isAlgorithm).map(codeLineCount).sorted()
        return counts.isEmpty ? 0 : counts[counts.count / 2]
    }

    /// Lines that hold more than space or a comment.
    static func codeLineCount(_ file: SourceFile) -> Int {
        file.lines.count { line in
            let text = line.drop { $0 == " " }
            return !text.isEmpty && !text.hasPrefix("//")
        }
    }

    static func functions(_ file: SourceFile) -> [Complaint] {
        guard file.isSwift || file.isC else { return [] }
        let code = Code(file)
        let functions = file.isSwift ? code.swiftFunctions() : code.cFunctions()
        return functions.filter { $0.lineCount > functionLimit }.map { function in
            file.complaint(
                line: function.line,
                "\(function.name) has \(function.lineCount) lines, at most \(functionLimit) are allowed; "
                    + "give its parts names of their own")
        }
    }
}

/// A function as it stands in a file, from its first word to its closing brace.
struct FunctionExtent: Equatable {
    let name: String
    let line: Int
    let lineCount: Int
}

extension Code {
    /// Functions, initialisers, subscripts and computed properties that have a body.
    func swiftFunctions() -> [FunctionExtent] {
        ["func", "init", "deinit", "subscript", "var"]
            .flatMap { keyword in places(of: keyword).compactMap { swiftFunction(keyword, at: $0) } }
            .sorted { $0.line < $1.line }
    }

    private func swiftFunction(_ keyword: String, at start: Int) -> FunctionExtent? {
        // `self.init(...)` calls an initialiser and declares none.
        guard lastVisible(before: start) != UInt8(ascii: ".") else { return nil }
        let behind = start + keyword.utf8.count
        guard let open = bodyOfDeclaration(keyword, from: behind) else { return nil }
        let word = bytes[behind...].drop { $0.isSpace }.prefix { $0.isNamePart }
        let isNamed = keyword == "func" || keyword == "var"
        let name = isNamed && !word.isEmpty ? String(decoding: word, as: UTF8.self) : keyword
        return extent(name, from: start, body: open)
    }

    /// The brace that opens the body of the declaration whose keyword ends at `start`; nil when it has none.
    private func bodyOfDeclaration(_ keyword: String, from start: Int) -> Int? {
        var index = start
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"):
                depth -= 1
                if depth < 0 { return nil }
            case UInt8(ascii: "{") where depth == 0: return index
            case UInt8(ascii: "}") where depth == 0: return nil
            case UInt8(ascii: "="), UInt8(ascii: "\n"):
                if depth == 0, keyword == "var" { return nil }
            case let byte where depth == 0 && byte.isNamePart:
                let word = bytes[index...].prefix { $0.isNamePart }
                if Self.declares(word) { return nil }
                index = word.endIndex
                continue
            default: break
            }
            index += 1
        }
        return nil
    }

    /// Whether a word opens another declaration, so that the one before it had no body.
    private static func declares(_ word: ArraySlice<UInt8>) -> Bool {
        let words = [
            "func", "init", "deinit", "subscript", "var", "let", "case", "static", "mutating", "associatedtype",
            "typealias", "struct", "enum", "extension", "protocol", "import", "public", "internal", "private", "in",
        ]
        return words.contains(String(decoding: word, as: UTF8.self))
    }

    /// Blocks that follow a parameter list outside any other block, or within `extern "C"`.
    func cFunctions() -> [FunctionExtent] {
        var functions: [FunctionExtent] = []
        var index = 0
        while index < bytes.count {
            defer { index += 1 }
            guard bytes[index] == UInt8(ascii: "{") else { continue }
            let head = bytes[..<index].lastIndex { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "}") } ?? 0
            guard lastVisible(before: index) == UInt8(ascii: ")") else {
                // Types and tables are passed over; the block of `extern` holds functions.
                if !text(head..<index).contains("extern") { index = end(ofBracketAt: index) - 1 }
                continue
            }
            let open = bytes[head..<index].firstIndex(of: UInt8(ascii: "(")) ?? index
            let name = bytes[..<open].reversed().drop { $0.isSpace }.prefix { $0.isNamePart }.reversed()
            functions.append(extent(String(decoding: name, as: UTF8.self), from: open, body: index))
            index = end(ofBracketAt: index) - 1
        }
        return functions
    }

    private func extent(_ name: String, from start: Int, body: Int) -> FunctionExtent {
        let first = line(at: start)
        return FunctionExtent(name: name, line: first, lineCount: line(at: end(ofBracketAt: body) - 1) - first + 1)
    }
}
