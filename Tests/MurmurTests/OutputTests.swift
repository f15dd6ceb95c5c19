import ArgumentParser
import Foundation
import Records
import TestKit
import Testing
import Training

@testable import murmur

@Suite struct OutputTests {
    @Test func writesAllOfALongText() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/out"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            let file = try #require(FileHandle(forWritingAtPath: path))
            let text = String(repeating: "é", count: 100_000)
            try put(text, to: file.fileDescriptor)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text + "\n")
        }
    }

    @Test func aFullDiskIsAnError() throws {
        let file = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let error = #expect(throws: OutputError.self) { try put("a", to: file.fileDescriptor) }
        #expect(error?.path == "stdout")
        #expect(ExitCode(for: error!) == .cannotWrite)
    }

    @Test(arguments: [
        ["--help"], ["--version"], ["help", "train"], ["algorithms"], ["topologies"], ["models", "--json"],
        ["datasets"], ["optimizers"], ["schedules", "--json"], ["config", "schema"], ["train", "--print-config"],
        ["topology", "ring", "--peers", "4"], ["data", "info", "synthetic"], ["doctor"],
    ])
    func nothingIsLostWithoutAWord(arguments: [String]) throws {
        try withTemporaryFolder { folder in
            let process = try Command.process(arguments, in: folder, shell: "exec >/dev/full")
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 73)
            let errors = try Command.text("stderr", in: folder)
            #expect(errors.hasPrefix("murmur: stdout: cannot be written"))
            #expect(errors.split(separator: "\n").count == 1)
        }
    }

    @Test func aClosedPipeEndsQuietly() throws {
        try withTemporaryFolder { folder in
            let pipe = Pipe()
            let process = try Command.process(["config", "schema"], in: folder, shell: "trap '' PIPE")
            process.standardOutput = pipe
            try pipe.fileHandleForReading.close()
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 128 + SIGPIPE)
            #expect(try Command.text("stderr", in: folder) == "")
        }
    }
}
