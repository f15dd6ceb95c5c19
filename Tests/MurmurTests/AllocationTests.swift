import Foundation
import TestKit
import Testing

/// What a step allocates, counted in the built command.
@Suite struct AllocationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Code that is not optimised puts on the heap what a release keeps in registers; there is nothing to count in it.
    private static let canCount: Bool = {
        #if DEBUG
            return false
        #else
            return ["/usr/bin/cc", "/usr/local/bin/cc"].contains {
                FileManager.default.isExecutableFile(atPath: $0)
            }
        #endif
    }()
    private static let need: Comment = "needs a release build and a C compiler as cc"

    private struct Counts: Decodable {
        let ours: Int
        let onednn: Int
    }

    /// The counts over 20 steps in the steady state.
    private func counts(_ options: String) throws -> Counts {
        var counts: Counts?
        try withTemporaryFolder { folder in
            let script = Self.root.appending(path: "script/count-allocations").path
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "\"$0\" \"$1\" \(options) > counts 2> errors", script, try Command.path]
            process.currentDirectoryURL = URL(filePath: folder)
            try process.run()
            process.waitUntilExit()
            let errors = try Command.text("errors", in: folder)
            try #require(process.terminationStatus == 0, "\(errors)")
            counts = try JSONDecoder().decode(Counts.self, from: Data(Command.text("counts", in: folder).utf8))
        }
        return try #require(counts)
    }

    @Test(.enabled(if: canCount, need))
    func thePlantedAllocationIsSeen() throws {
        #expect(try counts("--model mlp --plant-allocation").ours == 1)
    }

    @Test(
        .enabled(if: canCount, need),
        arguments: ["--model softmax", "--model mlp", "--model cnn", "--model cnn --threads 2"])
    func aStepAllocatesNothingOfOurs(_ options: String) throws {
        let counts = try counts(options)
        #expect(counts.ours == 0)
        // Had oneDNN's not been seen, ours would not have been either.
        #expect(counts.onednn > 0)
    }

    @Test(arguments: ["softmax", "mlp", "cnn"])
    func primitivesAreMadeBeforeTheFirstStepOnly(_ model: String) throws {
        try withTemporaryFolder { folder in
            let called = try Command.call(
                "bench", "step", "--model", model, "--steps", "2", in: folder, shell: "export DNNL_VERBOSE=2")
            let lines = called.output.split(separator: "\n")
            let made = lines.indices.filter { lines[$0].contains("_verbose,create") }
            let executed = lines.indices.filter { lines[$0].contains("_verbose,exec,") }
            if model == "cnn" {
                #expect(try #require(made.last) < #require(executed.first))
            } else {
                // oneDNN's matrix product is a function and no primitive.
                #expect(made.isEmpty)
            }
        }
    }
}
