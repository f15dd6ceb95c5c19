/// Every public declaration says what it is, unless it fulfils a requirement that says it already.
enum Docstrings {
    /// A declaration by its name with the labels of its arguments, such as `value(of:)`.
    struct Declaration: Equatable {
        let name: String
        let line: Int
        let isPublic: Bool
        /// Whether it stands in the body of a protocol.
        let isRequirement: Bool
    }

    /// What the standard library's protocols require: everybody knows it. Operators have no labels here.
    private static let known: Set<String> = [
        "==", "<", "hash(into:)", "encode(to:)", "init(from:)", "description", "debugDescription",
        "rawValue", "init(rawValue:)", "id", "makeIterator()", "next()",
    ]

    private static let keywords: Set<Substring> = [
        "struct", "class", "enum", "protocol", "actor", "func", "var", "let", "init", "typealias", "subscript",
        "associatedtype",
    ]

    /// Complaints about the public declarations in `Sources` that have neither a docstring nor the name of a
    /// requirement, be it one of the protocols in `Sources` or one of the standard library's.
    static func check(_ files: [SourceFile]) -> [Complaint] {
        let sources = files.filter { $0.isSource && $0.isSwift }.map { (file: $0, declarations: declarations(in: $0)) }
        let required = sources.flatMap(\.declarations).filter(\.isRequirement).map(\.name)
        let witnesses = known.union(required)
        return sources.flatMap { file, declarations in
            let lines = file.lines
            return declarations.filter {
                $0.isPublic && !witnesses.contains($0.name) && !isDocumented(line: $0.line, in: lines)
            }.map { file.complaint(line: $0.line, "\($0.name) is public and has no docstring; say what it is") }
        }
    }

    /// Whether the lines above one, attributes apart, end in a docstring.
    private static func isDocumented(line: Int, in lines: [Substring]) -> Bool {
        let above = lines.prefix(line - 1).map { $0.drop(while: \.isWhitespace) }
        return above.last { !$0.hasPrefix("@") }?.hasPrefix("///") ?? false
    }

    /// The declarations that begin a line, in the order of the file.
    static func declarations(in file: SourceFile) -> [Declaration] {
        let code = Code(file)
        let lines = code.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var found: [Declaration] = []
        var endOfProtocol = 0
        for (index, line) in lines.enumerated() {
            let text = String(decoding: line, as: UTF8.self)
            guard let (words, keyword, rest) = parts(of: text) else { continue }
            let place = line.endIndex - rest.utf8.count
            found.append(
                Declaration(
                    name: name(keyword, rest, at: place, in: code), line: index + 1,
                    isPublic: words.contains("public"), isRequirement: place < endOfProtocol))
            if keyword == "protocol", let start = code.bytes[place...].firstIndex(of: UInt8(ascii: "{")) {
                endOfProtocol = code.end(ofBracketAt: start)
            }
        }
        return found
    }

    /// The attributes and modifiers of a declaration, the word that says of which kind it is, and what follows that;
    /// nil where a line begins with something else.
    private static func parts(of line: String) -> (words: [Substring], keyword: Substring, rest: Substring)? {
        var words: [Substring] = []
        var rest = line.drop(while: \.isWhitespace)
        while true {
            let keyword = rest.prefix(while: \.isLetter)
            if keywords.contains(keyword) {
                return (words, keyword, rest.dropFirst(keyword.count).drop(while: \.isWhitespace))
            }
            let word = rest.prefix { !$0.isWhitespace }
            let isModifier = word.allSatisfy { $0.isLowercase || "()".contains($0) }
            guard !word.isEmpty, isModifier || word.first == "@" else { return nil }
            words.append(word)
            rest = rest.dropFirst(word.count).drop(while: \.isWhitespace)
        }
    }

    private static func name(_ keyword: Substring, _ rest: Substring, at place: Int, in code: Code) -> String {
        func isNamePart(_ letter: Character) -> Bool { letter.isLetter || letter.isNumber || letter == "_" }
        let bare = rest.drop { $0 == "`" }.prefix(while: isNamePart)
        switch keyword {
        case "func" where bare.isEmpty: return String(rest.prefix { !$0.isWhitespace && $0 != "(" })
        case "func": return "\(bare)\(labels(from: place, in: code))"
        case "init", "subscript": return "\(keyword)\(labels(from: place, in: code))"
        default: return String(bare)
        }
    }

    /// The labels of the parameters whose list is the first behind `place`, in parentheses.
    private static func labels(from place: Int, in code: Code) -> String {
        guard let start = code.bytes[place...].firstIndex(of: UInt8(ascii: "(")) else { return "()" }
        var depth = 0
        var parameters = [""]
        for letter in code.text(start + 1..<code.end(ofBracketAt: start) - 1) {
            if "([{".contains(letter) { depth += 1 }
            if ")]}".contains(letter) { depth -= 1 }
            if letter == ",", depth == 0 { parameters.append("") }
            parameters[parameters.count - 1].append(letter)
        }
        // What has no colon is the rest of a type with several arguments in angle brackets.
        let labels = parameters.compactMap { parameter in
            parameter.contains(":") ? parameter.split { $0.isWhitespace || ",:".contains($0) }.first : nil
        }
        return "(" + labels.map { "\($0):" }.joined() + ")"
    }
}
