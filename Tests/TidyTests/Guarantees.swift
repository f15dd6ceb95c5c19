/// The tests that a page names in code style: `Suite/test`, and those of Python as pytest does, `python/PATH::test`.
func namedTests(inPage page: String) -> [String] {
    page.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        .filter { word in
            if word.hasPrefix("python/"), word.contains("::") { return true }
            let parts = word.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 2 && parts[0].hasSuffix("Tests")
                && parts[1].allSatisfy { $0.isLetter || $0.isNumber } && !parts[1].isEmpty
        }
}

/// The tests of Swift files, as `Suite/test`: a suite is a type whose name ends in Tests.
func tests(inFile text: String) -> [String] {
    var suite = ""
    var found: [String] = []
    for line in text.split(separator: "\n") {
        if let range = line.firstRange(of: "struct "), let name = word(in: line[range.upperBound...]),
            name.hasSuffix("Tests")
        {
            suite = name
        }
        if let range = line.firstRange(of: "func "), !suite.isEmpty, let name = word(in: line[range.upperBound...]) {
            found.append("\(suite)/\(name)")
        }
    }
    return found
}

/// The tests of a Python file, as `PATH::test`: functions that stand alone.
func tests(inPythonFile text: String, _ path: String) -> [String] {
    text.split(separator: "\n").filter { $0.hasPrefix("def test_") }
        .compactMap { word(in: $0.dropFirst("def ".count)) }.map { "\(path)::\($0)" }
}

/// The name at the beginning of a text.
private func word(in text: Substring) -> String? {
    let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return name.isEmpty ? nil : String(name)
}
