import Foundation

/// What came of the files of one format.
struct Trial {
    let format: String
    private let corpora: String
    let seed: Int
    let silenceSeconds: Int
    private var read = 0
    private var refused = 0
    private var peakMemoryBytes = 0
    /// What went wrong, with the number of the file.
    private var failures: [String] = []

    /// A process reads no more files than this, so that its memory can be told.
    private static let batch = 1000
    static let memoryLimit = 256 << 20

    init(format: String, corpora: String, seed: Int, silenceSeconds: Int) {
        self.format = format
        self.corpora = corpora
        self.seed = seed
        self.silenceSeconds = silenceSeconds
    }

    var isWell: Bool { failures.isEmpty && peakMemoryBytes <= Self.memoryLimit }

    var text: String {
        "\(format): \(read) read, \(refused) refused, \(failures.count) failed, \(peakMemoryBytes >> 20) MiB at most"
            + failures.map { "\n  \($0)" }.joined()
    }

    mutating func run(_ cases: Range<Int>) throws {
        var next = cases.lowerBound
        while next < cases.upperBound {
            next = try runBatch(next..<min(next + Self.batch, cases.upperBound))
        }
    }

    /// Has a process read some files; returns the number of the first that it did not come to.
    private mutating func runBatch(_ cases: Range<Int>) throws -> Int {
        let folder = FileManager.default.temporaryDirectory.appending(path: "murmur-fuzz-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            "--worker", format, "\(seed)", "\(cases.lowerBound)", "\(cases.upperBound)", folder, corpora,
        ]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        var reader = LineReader(descriptor: pipe.fileHandleForReading.fileDescriptor)
        var current = cases.lowerBound - 1
        var isSilent = false
        while true {
            // The first file waits for the valid ones to be made.
            let seconds = current < cases.lowerBound ? 60 : silenceSeconds
            switch reader.next(waitingSeconds: seconds) {
            case .line(let line): take(line, &current)
            case .silence:
                isSilent = true
                kill(process.processIdentifier, SIGKILL)
            case .end:
                process.waitUntilExit()
                if isSilent {
                    failures.append("\(current): silent for \(seconds) s")
                } else if process.terminationReason == .uncaughtSignal {
                    failures.append("\(current): ended by signal \(process.terminationStatus)")
                } else if process.terminationStatus != 0 {
                    failures.append("\(current): ended with code \(process.terminationStatus)")
                } else {
                    return cases.upperBound
                }
                // Files that cannot even be made are no reason to try forever.
                return current < cases.lowerBound ? cases.upperBound : current + 1
            }
        }
    }

    private mutating func take(_ line: String, _ current: inout Int) {
        if let number = Int(line) {
            current = number
        } else if line == "read" {
            read += 1
        } else if line.hasPrefix("refused ") {
            refused += 1
        } else if line.hasPrefix("peak ") {
            peakMemoryBytes = max(peakMemoryBytes, Int(line.dropFirst(5)) ?? 0)
        } else {
            failures.append("\(current): \(line)")
        }
    }
}
