import Foundation
import TestKit
import Testing

@Suite struct LauncherSilenceTests {
    private let quadratic = ["model.name=quadratic", "model.targets=[[1],[2]]", "peers=2", "steps=3"]

    private func call(_ arguments: [String]) throws -> Called {
        var called: Called?
        try withTemporaryFolder { folder in
            let process = try Command.process(
                ["train"] + arguments, in: folder,
                shell: "export OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=1")
            try process.run()
            process.waitUntilExit()
            called = Called(
                code: process.terminationStatus, output: try Command.text("stdout", in: folder),
                errors: try Command.text("stderr", in: folder))
        }
        return try #require(called)
    }

    @Test func aRunOfItsOwnSpeaksUnderALauncherToo() throws {
        let run = try call(quadratic)
        #expect(run.code == 0)
        #expect(run.errors.contains("6/6"), "no progress in \(run.errors)")
        #expect(try call(["--print-config"]).output.contains("peers: 4"))
    }

    @Test func itsErrorsAreHeard() throws {
        let wrong = try call(["batch=0"])
        #expect(wrong.code == 78)
        #expect(wrong.errors.contains("batch=0"))
        let missing = try call(quadratic + ["peers=3"])
        #expect(missing.code == 78)
        #expect(!missing.errors.isEmpty)
    }
}
