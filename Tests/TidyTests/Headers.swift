/// What files of a kind carry at their head.
enum Headers {
    static let algorithmWords = ["Citation", "Update rule", "Assumptions", "Departures"]

    private static let algorithmFolder = "Sources/Gossip/Algorithms/"

    static func isAlgorithm(_ file: SourceFile) -> Bool {
        file.path.hasPrefix(algorithmFolder) && file.isSwift && !file.path.contains("/Parts/")
    }

    /// An algorithm lies beside its paper: its first comment says which, and where the two differ.
    static func algorithm(_ file: SourceFile) -> [Complaint] {
        guard isAlgorithm(file) else { return [] }
        let comments = file.lines
            .prefix { line in
                let text = line.drop { $0 == " " }
                return text.isEmpty || text.hasPrefix("//") || text.contains("import ")
            }
            .filter { $0.hasPrefix("//") }
            .joined(separator: "\n")
        return algorithmWords.filter { !comments.contains($0) }.map { word in
            file.complaint("the comment at the head of the file lacks `\(word)`; say it before the type")
        }
    }

    /// A script names its interpreter and stops at the first failure.
    static func script(_ file: SourceFile, isExecutable: Bool) -> [Complaint] {
        guard file.path.hasPrefix("script/") || file.path == ".ci/run" else { return [] }
        let first = file.lines.first ?? ""
        var complaints: [Complaint] = []
        if !isExecutable {
            complaints.append(file.complaint("not executable; run `chmod +x \(file.path)`"))
        }
        if !first.hasPrefix("#!/usr/bin/env ") {
            complaints.append(file.complaint("names no interpreter; begin with `#!/usr/bin/env bash`"))
        }
        if first.hasSuffix("bash"), !file.lines.contains("set -euo pipefail") {
            complaints.append(file.complaint("goes on after a failure; write `set -euo pipefail` at the top"))
        }
        return complaints
    }
}
