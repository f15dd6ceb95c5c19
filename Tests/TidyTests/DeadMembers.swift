/// A name that is declared in Sources and stands nowhere else in their code is called by nobody, or by tests only.
enum DeadMembers {
    /// Names that something outside the text of Sources calls.
    static let spared: Set<String> = [
        // The compiler calls these for `@main` and for string interpolation.
        "Murmur", "appendLiteral",
        // Sets and dictionaries call it.
        "hash",
        // Decoders of keyed containers call it.
        "allKeys",
        // Mirrors call it.
        "customMirror",
        // Made from its raw value, which a test of processes gives as an argument.
        "unnoticed",
    ]

    private static let keywords: Set<String> = [
        "func", "var", "let", "case", "struct", "class", "enum", "protocol", "typealias",
    ]

    /// The declaration of each name that occurs once.
    static func found(in files: [SourceFile]) -> [(name: String, complaint: Complaint)] {
        var counts: [String: Int] = [:]
        var declared: [(name: String, complaint: Complaint)] = []
        for file in files where file.isSource && file.isSwift {
            for word in words(Code(file).bytes) {
                counts[word.text, default: 0] += 1
                guard word.isDeclared else { continue }
                let message = "nothing in Sources names '\(word.text)' but its declaration; delete it"
                declared.append((word.text, file.complaint(line: word.line, message)))
            }
        }
        // The functions of the C interface are called by other programs.
        return declared.filter { counts[$0.name] == 1 && !$0.name.hasPrefix("murmur_") }
    }

    private struct Word {
        let text: String
        let line: Int
        /// Whether the keyword of a declaration stands before it, with nothing but space between them.
        let isDeclared: Bool
    }

    private static func words(_ bytes: [UInt8]) -> [Word] {
        var words: [Word] = []
        var line = 1
        var index = 0
        // The keyword that has just been read, as long as only space and backticks have come behind it.
        var keyword: String?
        while index < bytes.count {
            guard bytes[index].isNamePart else {
                if bytes[index] == UInt8(ascii: "\n") { line += 1 }
                if !bytes[index].isSpace, bytes[index] != UInt8(ascii: "`") { keyword = nil }
                index += 1
                continue
            }
            let start = index
            while index < bytes.count, bytes[index].isNamePart { index += 1 }
            let text = String(decoding: bytes[start..<index], as: UTF8.self)
            let isKeyword = keywords.contains(text)
            // `case name:` compares with a name and declares none.
            let compares = keyword == "case" && index < bytes.count && bytes[index] == UInt8(ascii: ":")
            let isDeclared = keyword != nil && !isKeyword && !compares && text != "_"
            words.append(Word(text: text, line: line, isDeclared: isDeclared))
            keyword = isKeyword ? text : nil
        }
        return words
    }
}
