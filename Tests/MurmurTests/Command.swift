import Foundation
import TestKit

/// What a call of the built command came to.
struct Called {
    var code: Int32
    var output: String
    var errors: String
}

/// The built command, which lies beside the tests.
enum Command {
    static var path: String { get throws { try BuiltProgram.path("murmur") } }

    /// A process of the command in a folder, not begun yet; its output goes to the files `stdout` and `stderr` there.
    static func process(_ arguments: [String], in folder: String, shell: String? = nil) throws -> Process {
        guard let shell else { return .prepared(try path, arguments, in: folder) }
        return .prepared("/bin/sh", ["-c", shell + "; exec \"$@\"", "sh", try path] + arguments, in: folder)
    }

    /// Calls the command in a folder and waits for its end. `shell` is carried out before it, for limits and the like.
    static func call(_ arguments: String..., in folder: String, shell: String? = nil) throws -> Called {
        try call(arguments, in: folder, shell: shell)
    }

    static func call(_ arguments: [String], in folder: String, shell: String? = nil) throws -> Called {
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
