import Testing

@Suite struct HeadersTests {
    @Test(arguments: Headers.algorithmWords) func anAlgorithmWithoutAWordOfItsHeadIsCaught(_ word: String) {
        let others = Headers.algorithmWords.filter { $0 != word }.map { "/// \($0): a." }.joined(separator: "\n")
        let head = "import Configuration\n\n\(others)\n"
        let body = "public struct A {\n    // \(word)\n}\n"
        let path = "Sources/Gossip/Algorithms/A.swift"
        let found = Headers.algorithm(SourceFile(path: path, text: head + body))
        #expect(found.count == 1)
        #expect(found.first?.message.contains("`\(word)`") == true)
        #expect(Headers.algorithm(SourceFile(path: path, text: "\(head)/// \(word): b.\n\(body)")).isEmpty)
        #expect(Headers.algorithm(SourceFile(path: "Sources/Gossip/A.swift", text: body)).isEmpty)
        #expect(
            Headers.algorithm(SourceFile(path: "Sources/Gossip/Algorithms/Baselines/Parts/A.swift", text: body)).isEmpty
        )
    }

    @Test func aScriptRunsStopsAndNamesItsShell() {
        let good = SourceFile(path: "script/a", text: "#!/usr/bin/env bash\nset -euo pipefail\n")
        #expect(Headers.script(good, isExecutable: true).isEmpty)
        #expect(Headers.script(good, isExecutable: false).map(\.message) == ["not executable; run `chmod +x script/a`"])
        let bare = SourceFile(path: "script/a", text: "ls\n")
        #expect(Headers.script(bare, isExecutable: true).count == 1)
        let heedless = SourceFile(path: ".ci/run", text: "#!/usr/bin/env bash\nls\n")
        #expect(Headers.script(heedless, isExecutable: true).first?.message.contains("set -euo pipefail") == true)
        let python = SourceFile(path: "script/a.py", text: "#!/usr/bin/env python3\n")
        #expect(Headers.script(python, isExecutable: true).isEmpty)
    }
}
