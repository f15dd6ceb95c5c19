import Configuration
import Foundation
import Gossip
import Testing

/// The scripts in `Traces/` are what the algorithms do.
@Suite struct ProtocolTraceTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Traces")
    private static let isRewriting = ProcessInfo.processInfo.environment["MURMUR_REWRITE_TRACES"] != nil

    private static let all = ProtocolTrace.all + ProtocolTrace.withFaults

    @Test(arguments: all.map(\.name)) func isWhatTheAlgorithmDoes(name: String) throws {
        let trace = try #require(Self.all.first { $0.name == name })
        let file = Self.folder.appending(path: "\(name).txt")
        let text = try trace.text()
        if Self.isRewriting {
            let folder = file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
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
        guard !Self.isRewriting else { return }
        #expect(ProtocolTrace.all.allSatisfy { $0.faults.isEmpty } && ProtocolTrace.withFaults.count >= 8)
        let files = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".txt")
        }
        #expect(Set(files) == Set(Self.all.map { "\($0.name).txt" }) && files.count == Self.all.count)
    }
}
