import Foundation
import TestKit

/// The program of the trials under an MPI launcher.
extension MPILauncher {
    /// What a launch came to.
    struct Ended {
        let code: Int32
        let lines: [String]
        let errors: String
    }

    /// Runs the trials' program on so many ranks and waits for its end.
    func run(ranks: Int, environment: [String: String] = [:], _ arguments: String...) throws -> Ended {
        try withTemporaryFolder { folder in
            let process = process(
                ranks: ranks, [[try BuiltProgram.path("transport-conformance")] + arguments], environment: environment,
                in: folder)
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
}
