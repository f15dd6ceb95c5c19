import Foundation
import Testing

/// What a call of the built command came to.
struct Called {
    var code: Int32
    var output: String
    var errors: String
}

/// The built command, which lies beside the tests.
enum Command {
    static var path: String {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let path = URL(filePath: tests).deletingLastPathComponent().appending(path: "murmur").path
            try #require(FileManager.default.isExecutableFile(atPath: path), "the command is not built at \(path)")
            return path
        }
    }

    /// A process of the command in a folder, not begun yet; its output goes to the files `stdout` and `stderr` there.
    static func process(_ arguments: [String], in folder: String, shell: String? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: shell == nil ? try path : "/bin/sh")
        process.arguments = try shell.map { ["-c", $0 + "; exec \"$@\"", "sh", try path] + arguments } ?? arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        for (name, keyPath) in [("stdout", \Process.standardOutput), ("stderr", \Process.standardError)] {
            _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil)
            process[keyPath: keyPath] = FileHandle(forWritingAtPath: "\(folder)/\(name)")
        }
        return process
    }

    /// Calls the command in a folder and waits for its end. `shell` is carried out before it, for limits and the like.
    static func call(_ arguments: String..., in folder: String, shell: String? = nil) throws -> Called {
        let process = try process(arguments, in: folder, shell: shell)
        try process.run()
        process.waitUntilExit()
        return Called(
            code: process.terminationStatus, output: try text("stdout", in: folder),
            errors: try text("stderr", in: folder))
    }

    static func text(_ name: String, in folder: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }
}

/// Lends a new empty folder, and removes it with all that it then holds.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "murmur-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
}
