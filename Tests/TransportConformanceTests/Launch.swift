import Foundation
import Testing

/// A launcher of MPI programs that is installed here, with the plug-in that goes with it.
struct Launch: Sendable, CustomTestStringConvertible {
    let flavour: String
    private let mpirun: String

    var testDescription: String { flavour }
    var other: String { flavour == "openmpi" ? "mpich" : "openmpi" }

    /// What a launch came to.
    struct Ended {
        let code: Int32
        let lines: [String]
        let errors: String
    }

    static let all: [Launch] = ["openmpi", "mpich"].compactMap { flavour in
        let path = "/usr/bin/mpirun.\(flavour)"
        return FileManager.default.isExecutableFile(atPath: path) ? Launch(flavour: flavour, mpirun: path) : nil
    }

    /// The program with the trials, which lies beside the tests.
    static var program: String {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let path = URL(filePath: tests).deletingLastPathComponent().appending(path: "transport-conformance").path
            try #require(FileManager.default.isExecutableFile(atPath: path), "the program is not built at \(path)")
            return path
        }
    }

    /// Runs the trials' program on so many ranks and waits for its end; a launch that hangs is ended after minutes.
    func run(ranks: Int, environment: [String: String] = [:], _ arguments: String...) throws -> Ended {
        let folder = FileManager.default.temporaryDirectory.appending(path: "murmur-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        process.arguments =
            ["--kill-after=5", "900", mpirun, "-np", "\(ranks)", try Self.program] + arguments
        process.environment = ProcessInfo.processInfo.environment
            // Open MPI refuses to run as root, as in a container, and more ranks than cores, unless it is told.
            .merging([
                "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                "OMPI_MCA_rmaps_base_oversubscribe": "1",
                // Launchers that begin and end at the same time make and remove one folder for all of them there.
                "TMPDIR": folder,
            ]) { $1 }
            .merging(environment) { $1 }
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: a rank that outlives its launcher must not keep the test waiting.
        for (name, keyPath) in [("stdout", \Process.standardOutput), ("stderr", \Process.standardError)] {
            _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil)
            process[keyPath: keyPath] = FileHandle(forWritingAtPath: "\(folder)/\(name)")
        }
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) -> String {
            (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
        }
        return Ended(
            code: process.terminationStatus, lines: text("said").split(separator: "\n").map(String.init),
            errors: text("stderr") + text("failed"))
    }
}
