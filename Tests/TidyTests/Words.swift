/// What no file of the repository says, whatever its kind.
enum Words {
    // Put together from parts, so that this file keeps the rule too.
    static let unfinished = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "not " + "implemented", "un" + "implemented"]
    static let machineFolders = ["work", "root", "opt/venv", "opt/swift"].map { "/" + $0 }

    static func unfinishedWork(_ file: SourceFile) -> [Complaint] {
        complaints(file, about: unfinished, ignoringCase: true) { word, line in
            file.complaint(
                line: line, "`\(word)` promises work to come; finish it, or open an issue and leave it out")
        }
    }

    static func machinePaths(_ file: SourceFile) -> [Complaint] {
        complaints(file, about: machineFolders, ignoringCase: false) { path, line in
            file.complaint(
                line: line, "`\(path)` exists on one machine only; use a path within the repository or a temporary one")
        }
    }

    static func newlineAtEnd(_ file: SourceFile) -> [Complaint] {
        if file.text.isEmpty || file.text.hasSuffix("\n") { return [] }
        return [file.complaint(line: file.lines.count, "no newline at the end of the file; add one")]
    }

    /// A page has one title, and it comes first. Lines within a fenced block are no titles.
    static func oneTitle(_ file: SourceFile) -> [Complaint] {
        guard file.path.hasSuffix(".md") else { return [] }
        var isFenced = false
        var titles: [Int] = []
        for (index, line) in file.lines.enumerated() {
            if line.hasPrefix("```") { isFenced.toggle() }
            if !isFenced, line.hasPrefix("# ") { titles.append(index + 1) }
        }
        if titles.isEmpty { return [file.complaint("no title; begin the page with one line `# Title`")] }
        return titles.dropFirst().map {
            file.complaint(line: $0, "a second title; make it `##`, or a page of its own")
        }
    }

    private static func complaints(
        _ file: SourceFile, about words: [String], ignoringCase: Bool, _ complaint: (String, Int) -> Complaint
    ) -> [Complaint] {
        file.lines.enumerated().flatMap { index, line in
            words.filter { stands($0, in: line, ignoringCase: ignoringCase) }.map { complaint($0, index + 1) }
        }
    }

    /// Whether `words` stand in the line, not as a part of a longer word or path.
    private static func stands(_ words: String, in line: Substring, ignoringCase: Bool) -> Bool {
        let wanted = ignoringCase && words.contains(where: \.isLowercase) ? words.lowercased() : words
        let text = ignoringCase && words.contains(where: \.isLowercase) ? line.lowercased() : String(line)
        return text.ranges(of: wanted).contains { range in
            let before = text[..<range.lowerBound].last
            let after = text[range.upperBound...].first
            let isPath = words.hasPrefix("/")
            let continues: (Character?) -> Bool = { $0.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false }
            let isRelative = isPath && (before.map { "./~}$*)-".contains($0) } ?? false)
            return !continues(before) && !continues(after) && !isRelative
        }
    }
}
