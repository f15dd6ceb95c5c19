import Foundation
import TestKit
import Testing
import TransportTrials

/// Peers in processes of this machine, begun by `script/processes`.
@Suite(.serialized) struct ProcessesConformanceTests {
    /// Runs the trials' program in so many processes and waits for their end.
    private func run(_ ranks: Int, _ arguments: String...) throws -> (code: Int32, lines: [String], errors: String) {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try withTemporaryFolder { folder in
            let process = Process.prepared(
                // Tests run on threads that block signals, which what they start would inherit.
                "/usr/bin/env",
                [
                    "--default-signal", "timeout", "--kill-after=5", "600",
                    root.appending(path: "script/processes").path, "-n", "\(ranks)",
                    try BuiltProgram.path("transport-conformance"),
                ] + arguments, in: folder)
            try process.run()
            process.waitUntilExit()
            func text(_ name: String) -> String {
                (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
            }
            return (
                process.terminationStatus, text("said").split(separator: "\n").map(String.init),
                text("stderr") + text("failed")
            )
        }
    }

    @Test(arguments: [(2, 3), (3, 2)]) func aThousandProgramsComeToTheSimulatorsAnswer(
        _ shares: (ranks: Int, peers: Int)
    ) throws {
        let ended = try run(
            shares.ranks, "programs", "\(shares.peers)", "\(Programs.count)", "\(Programs.programs)",
            "\(Programs.seed)", "1")
        #expect(ended.lines == Programs.answer, "\(ended.errors)")
        #expect(ended.code == 0)
    }

    @Test func payloadsOfAllSizesArrive() throws {
        let ended = try run(2, "sizes", "1", "\(Sizes.count)", "1")
        #expect(ended.lines == Sizes.answer, "\(ended.errors)")
        #expect(ended.code == 0)
    }

    @Test func framesAndControlMessagesAreWhatWasSent() throws {
        let ended = try run(5, "letters", "60")
        #expect(ended.lines == ["all is as it was sent"], "\(ended.errors)")
        #expect(ended.code == 0)
    }

    @Test func aRankThatStopsIsToldSilent() throws {
        let ended = try run(3, "silence")
        #expect(ended.lines == ["rank 2 is silent, and the others took their leave"], "\(ended.errors)")
    }

    /// 0: the last rank stopped before, and nobody acted on it; 1: it stops while the others take their leave; 2: so
    /// does rank 0 with it.
    @Test(arguments: [0, 1, 2]) func nobodyWaitsForTheGoneInTheEnd(_ how: Int) throws {
        let ended = try run(4, "leave", "\(how)")
        #expect(ended.lines == ["the others took their leave"], "\(ended.errors)")
    }

    /// The launcher gives the code of who failed, and does not wait for those who would.
    @Test func whoFailsEndsAll() throws {
        let ended = try run(2, "no such trial")
        #expect(ended.code == 64)
    }
}
