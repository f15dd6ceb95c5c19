import Foundation
import Testing

/// A short run of the driver: no changed file ends a reader by a signal, keeps it silent or fills the memory.
/// `script/fuzz` tries many more.
@Suite struct FuzzReadersTests {
    private var driver: String {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(filePath: tests).deletingLastPathComponent().appending(path: "fuzz-readers").path
        }
    }

    @Test(arguments: [
        "experiment", "idx", "gzip", "cifar", "cifar100", "npy", "npz", "pictures", "tar", "safetensors", "model",
        "metrics", "summary", "run", "checkpoint",
    ])
    func changedFilesAreReadOrRefused(format: String) throws {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(filePath: try driver)
        // Silence is judged by `script/fuzz`, on a machine that does nothing else.
        process.arguments = [format, "--count", "100", "--silence", "60"]
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        let counts = try #require(text.firstMatch(of: /: (\d+) read, (\d+) refused, (\d+) failed/))
        #expect(Int(counts.1).flatMap { read in Int(counts.2).map { read + $0 } } == 100, "\(text)")
    }
}
