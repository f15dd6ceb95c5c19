/// A type is found by the name of its file: `Session` in Session.swift, its extensions in `Session+Facet.swift`.
enum Types {
    /// The share of types that must lie in a file of their name; what remains is small and private.
    static let leastShare = 0.95

    /// A type at the top level of a file.
    struct Declaration: Equatable {
        let name: String
        let line: Int
    }

    private static let keywords: Set<Substring> = ["struct", "class", "enum", "protocol", "actor"]
    private static let modifiers: Set<Substring> = ["public", "package", "internal", "final", "indirect"]

    /// The types that a file declares at its top level, those apart that nothing outside it can name.
    static func declared(in file: SourceFile) -> [Declaration] {
        let code = String(decoding: Code(file).bytes, as: UTF8.self)
        return code.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            guard let first = line.first, !first.isWhitespace else { return nil }
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.drop { modifiers.contains($0) }
            guard let keyword = words.first, keywords.contains(keyword), let name = words.dropFirst().first else {
                return nil
            }
            return Declaration(name: String(name), line: index + 1)
        }
    }

    /// Whether the file bears the type's name.
    static func isAtHome(_ declaration: Declaration, in file: SourceFile) -> Bool {
        file.path.split(separator: "/").last?.split(separator: ".").first?.split(separator: "+").first
            == declaration.name[...]
    }

    /// Which share of all types lies in a file of its name, and those that do not.
    static func share(_ files: [SourceFile]) -> (share: Double, elsewhere: [Complaint]) {
        var count = 0
        var elsewhere: [Complaint] = []
        for file in files where file.isSource && file.isSwift {
            for declaration in declared(in: file) {
                count += 1
                guard !isAtHome(declaration, in: file) else { continue }
                elsewhere.append(
                    file.complaint(line: declaration.line, "\(declaration.name) has no file of its name; give it one"))
            }
        }
        return (count == 0 ? 1 : 1 - Double(elsewhere.count) / Double(count), elsewhere)
    }
}
