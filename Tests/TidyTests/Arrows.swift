/// Who imports whom: for each module the names of what it imports.
typealias Arrows = [String: Set<String>]

/// The arrows as the package declares them, read from the text of Package.swift.
///
/// Understands the forms that the file uses: `module("Name", [...])`, and `.target(`, `.executableTarget(` and
/// `.systemLibrary(` with `name:` and `dependencies:`. Products of other packages are named by their constants.
func arrows(inPackage text: String) -> Arrows {
    let products = productConstants(text)
    guard let list = text.firstRange(of: "targets: [\n") else { return [:] }
    let targets = String(text[list.upperBound...])
    let code = Code(SourceFile(path: "Package.swift", text: targets))
    var arrows: Arrows = [:]
    for opening in ["module(", ".target(", ".executableTarget(", ".systemLibrary("] {
        for place in code.places(of: opening) {
            let end = code.end(ofBracketAt: place + opening.utf8.count - 1)
            let call = String(decoding: Array(targets.utf8)[place..<end], as: UTF8.self)
            guard let name = firstMatch(call, from: "\"", to: "\"") else { continue }
            let label = opening == "module(" ? "[" : "dependencies: ["
            let imports = firstMatch(call, from: label, to: "]") ?? ""
            arrows[name] = Set(imports.split(separator: ",").compactMap { importedName(String($0), products) })
        }
    }
    return arrows
}

/// The arrows as a page tells them: rows of a table whose first two cells are a module and its imports in backquotes.
func arrows(inPage text: String) -> Arrows {
    var arrows: Arrows = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
        let cells = line.split(separator: "|").map(names(inCell:))
        guard cells.count >= 2, let module = cells[0].first else { continue }
        arrows[module] = Set(cells[1])
    }
    return arrows
}

/// Where two pictures of the house differ, one sentence for each module.
func differences(package: Arrows, page: Arrows) -> [String] {
    Set(package.keys).union(page.keys).sorted().compactMap { module in
        switch (package[module], page[module]) {
        case (let declared?, nil):
            "\(module) is in Package.swift and not in the table; add it, importing \(declared.sorted())"
        case (nil, _?):
            "\(module) is in the table and not in Package.swift; take it out"
        case (let declared?, let told?) where declared != told:
            "\(module) imports \(declared.sorted()) in Package.swift and \(told.sorted()) in the table"
        default:
            nil
        }
    }
}

/// `let heap: Target.Dependency = .product(name: "HeapModule", ...)`: from `heap` to `HeapModule`.
private func productConstants(_ text: String) -> [String: String] {
    var constants: [String: String] = [:]
    for place in text.ranges(of: ": Target.Dependency = .product(") {
        let constant = text[..<place.lowerBound].reversed().prefix { $0.isLetter }.reversed()
        constants[String(constant)] = firstMatch(String(text[place.upperBound...]), from: "\"", to: "\"")
    }
    return constants
}

private func importedName(_ item: String, _ products: [String: String]) -> String? {
    if let name = firstMatch(item, from: "\"", to: "\"") { return name }
    let constant = item.filter { !$0.isWhitespace }
    return constant.isEmpty ? nil : products[constant] ?? constant
}

private func names(inCell cell: Substring) -> [String] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map { String($0.element) }
}

private func firstMatch(_ text: String, from opening: String, to closing: String) -> String? {
    guard let start = text.firstRange(of: opening) else { return nil }
    let rest = text[start.upperBound...]
    guard let end = rest.firstRange(of: closing) else { return nil }
    return String(rest[..<end.lowerBound])
}
