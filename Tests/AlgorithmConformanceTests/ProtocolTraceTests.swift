import Configuration
import Foundation
import Gossip
import Testing

/// The scripts in `Traces/` are what the algorithms do.
@Suite struct ProtocolTraceTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Traces")
    private static let isRewriting = ProcessInfo.processInfo.environment["MURMUR_REWRITE_TRACES"] != nil

    @Test(arguments: ProtocolTrace.all.map(\.algorithm)) func isWhatTheAlgorithmDoes(name: String) throws {
        let trace = try #require(ProtocolTrace.all.first { $0.algorithm == name })
        let file = Self.folder.appending(path: "\(name).txt")
        let text = try trace.text()
        if Self.isRewriting {
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return
        }
        let golden = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        let pairs = zip(golden.split(separator: "\n"), text.split(separator: "\n"))
        let first = pairs.first { $0 != $1 }
        #expect(
            text == golden,
            """
            Traces/\(name).txt differs, first where it says '\(first?.0 ?? "")' and the algorithm does \
            '\(first?.1 ?? "")'. \
            Where the change is meant: MURMUR_REWRITE_TRACES=1 script/test --filter ProtocolTraceTests, and read the \
            difference before you commit it.
            """)
    }

    @Test func everyAlgorithmHasOne() throws {
        #expect(Set(ProtocolTrace.all.map(\.algorithm)) == Set(Algorithms.all.map(\.name)))
        guard !Self.isRewriting else { return }
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(files) == Set(Algorithms.all.map { "\($0.name).txt" }))
    }
}
