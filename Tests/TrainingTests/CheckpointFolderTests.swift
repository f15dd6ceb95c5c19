import Foundation
import TestKit
import Testing

@testable import Checkpoints
@testable import Training

@Suite struct CheckpointFolderTests {
    @Test func namesAreInTheOrderOfTheirSteps() throws {
        try withTemporaryFolder { folder in
            for name in [
                "step-10", "step-9", "step-10.2", "step-100", "step-10.10", "step-x", "step-7.tmp", "step-8.former",
                "a",
            ] {
                try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            }
            #expect(
                CheckpointFolder.names(in: folder) == ["step-9", "step-10", "step-10.2", "step-10.10", "step-100"])
            #expect(CheckpointFolder.names(in: "\(folder)/nowhere") == [])
        }
    }

    @Test func aFailureLeavesWhatWasThere() throws {
        struct Failure: Error {}
        try withTemporaryFolder { run in
            let plan = try ResumedRuns.plan(["algorithm.name=centralized", "peers=1"])
            let folder = CheckpointFolder(run: run, keepLast: 1)
            try folder.save(CheckpointManifest(plan, stepsMade: [1])) { draft in try draft.write([1], to: "a") }
            #expect(throws: Failure.self) {
                try folder.save(CheckpointManifest(plan, stepsMade: [2])) { draft in
                    try draft.write([2], to: "a")
                    throw Failure()
                }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["step-1"])
        }
    }

    /// The check value of CRC-32 (ISO 3309), which every implementation gives for these nine bytes.
    @Test func checksumsAreTheStandardOnes() {
        #expect(CheckpointManifest.checksum(of: Array("123456789".utf8)) == "cbf43926")
        #expect(CheckpointManifest.checksum(of: []) == "00000000")
    }
}
