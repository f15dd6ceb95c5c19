import Foundation
import TestKit
import Testing

@testable import Experiments
@testable import Training

@Suite struct ExperimentFileTests {
    @Test func readsAMarkOfTheByteOrderAndTheLineEndsOfOtherSystems() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.yaml"
            try Data("\u{FEFF}peers: 2\r\nbatch: 8\r\n".utf8).write(to: URL(filePath: path))
            let experiment = try LoadedExperiment(file: path, registries: TestRegistries.all).experiment
            #expect(experiment.peers == 2)
            #expect(experiment.batch == 8)
        }
    }

    @Test func readsAPipeAndKnowsItStillWhenAskedAgain() throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("peers: 3".utf8))
        try pipe.fileHandleForWriting.close()
        let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
        for _ in 0..<2 {
            #expect(try LoadedExperiment(file: path, registries: TestRegistries.all).experiment.peers == 3)
        }
    }

    @Test func saysTrulyWhyNothingCanBeRead() throws {
        func complaint(_ path: String) -> String {
            (#expect(throws: MissingExperiment.self) { try ExperimentFile.text(path) })?.description ?? ""
        }
        #expect(complaint("/nowhere/x.yaml").contains("there is no such file"))
        try withTemporaryFolder { folder in
            #expect(complaint(folder).contains("a folder; name the experiment file in it"))
            #expect(complaint("\(folder)/a.yaml/b").contains("there is no such file"))
        }
        // The remedy must not overwrite what the user has.
        let unreadable = MissingExperiment(file: "mine.yaml", EACCES).description
        #expect(unreadable.contains("not readable by you"))
        for code in [EACCES, EISDIR, EIO] {
            #expect(!MissingExperiment(file: "mine.yaml", code).description.contains(">"))
        }
    }

    @Test func refusesWhatIsTooLargeBeforeReadingItAll() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/large.yaml"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            #expect(truncate(path, 3 << 30) == 0)
            let error = #expect(throws: ExperimentError.self) { try ExperimentFile.text(path) }
            #expect(error?.message == "more than 16 MB, and so no experiment file")
        }
    }
}
