import Foundation
import Testing

/// A short run of the driver: neither a file of the corpora nor a changed one ends a reader by a signal, keeps it
/// silent or fills the memory. `script/fuzz` tries many more.
@Suite struct FuzzReadersTests {
    private static let corpora = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus").path

    private var driver: String {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(filePath: tests).deletingLastPathComponent().appending(path: "fuzz-readers").path
        }
    }

    /// What the driver says, and its exit code.
    private func run(_ words: [String], _ environment: [String: String] = [:]) throws -> (text: String, code: Int32) {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(filePath: try driver)
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (text, process.terminationStatus)
    }

    private static func corpus(_ format: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(corpora)/\(format)")
    }

    private static let fileFormats = [
        "experiment", "idx", "gzip", "cifar", "cifar100", "npy", "npz", "pictures", "tar", "safetensors", "wire",
        "item", "member",
        "invitation",
    ]
    private static let folderFormats = ["gradient", "model", "metrics", "summary", "run", "checkpoint"]

    @Test(arguments: fileFormats + folderFormats)
    func changedFilesAreReadOrRefused(format: String) throws {
        let count = 100 + (Self.fileFormats.contains(format) ? try Self.corpus(format).count : 0)
        // Silence is judged by `script/fuzz`, on a machine that does nothing else.
        let (text, code) = try run([format, "--corpora", Self.corpora, "--count", "\(count)", "--silence", "60"])
        #expect(code == 0, "\(text)")
        let counts = try #require(text.firstMatch(of: /: (\d+) read, (\d+) refused, (\d+) failed/))
        let (read, refused) = (try #require(Int(counts.1)), try #require(Int(counts.2)))
        #expect(read + refused == count, "\(text)")
        // Whatever is refused throughout is not tried at all.
        #expect(read > 0, "\(text)")
    }

    @Test func everyFormatIsTried() throws {
        let (text, code) = try run(["--list"])
        #expect(code == 0)
        #expect(Set(text.split(separator: "\n").map(String.init)) == Set(Self.fileFormats + Self.folderFormats))
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: Self.corpora)) == Set(Self.fileFormats))
    }

    @Test func libFuzzerIsThereWhereItWasAskedFor() throws {
        let (text, code) = try run(["-runs=0"], ["MURMUR_FUZZ": "wire"])
        #expect(code == 69)
        #expect(text.contains("script/fuzz"))
    }
}
