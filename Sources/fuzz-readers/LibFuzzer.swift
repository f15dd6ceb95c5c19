import CFuzzer
import Foundation
import Synchronization

/// libFuzzer, which tries what changes of the files in its folders come to, led by the code that they reach. It is
/// there in builds by `script/fuzz` only.
enum LibFuzzer {
    private static let format = Mutex<(any FileFormat)?>(nil)

    /// Does what the words of the command line tell libFuzzer. Most often ends the process.
    static func run(_ type: any FileFormat.Type) throws -> Int32 {
        let folder = FileManager.default.temporaryDirectory.appending(path: "murmur-fuzz-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let made = try type.init(in: folder)
        format.withLock { $0 = made }
        // What is said later holds.
        var limits = [
            "-max_len=\(type.mostBytes)", "-rss_limit_mb=\(Trial.memoryLimit >> 20)", "-timeout=5",
            "-print_final_stats=1",
        ]
        if !type.words.isEmpty {
            try write(Array(type.words.sorted().map { "\"\($0)\"\n" }.joined().utf8), to: "\(folder)/words")
            limits.append("-dict=\(folder)/words")
        }
        let words = CommandLine.arguments.prefix(1) + limits + CommandLine.arguments.dropFirst()
        var pointers = words.map { strdup($0) } + [nil]
        var code: Int32 = 0
        let isThere = cfuzzer_run(
            Int32(words.count), &pointers,
            { bytes, count in
                LibFuzzer.read(bytes.map { [UInt8](Data(bytes: $0, count: count)) } ?? [])
                return 0
            }, &code)
        guard isThere else {
            FuzzReaders.say("fuzz-readers: this build has no libFuzzer; script/fuzz makes one that has")
            return 69
        }
        return code
    }

    /// Whatever ends the process here is found by libFuzzer, and so is an error for which there is no exit code.
    private static func read(_ bytes: [UInt8]) {
        do {
            try format.withLock { $0 }?.read(bytes)
        } catch {
            precondition(Worker.isNamed(error), "the command does not know the error \(error)")
        }
    }
}
