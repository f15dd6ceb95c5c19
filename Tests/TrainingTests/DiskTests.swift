import Foundation
import TestKit
import Testing

@testable import Records
@testable import Training

@Suite struct DiskTests {
    private func write(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// A device, a pipe, a socket, a folder and a link are never replaced, whoever asks.
    @Test func onlyRegularFilesAreReplaced() throws {
        try withTemporaryFolder { folder in
            try write("mine", "\(folder)/file")
            try #require(mkfifo("\(folder)/pipe", 0o644) == 0)
            for (link, target) in [("link", "file"), ("dangling", "nothing"), ("null", "/dev/null")] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(folder)/\(link)", withDestinationPath: target)
            }
            try FileManager.default.createDirectory(atPath: "\(folder)/folder", withIntermediateDirectories: false)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            for path in ["pipe", "link", "dangling", "null", "folder"].map({ "\(folder)/\($0)" }) + ["/dev/null"] {
                let error = #expect(throws: OutputError.self) { try DurableFiles.writeAtomically("x", to: path) }
                #expect(error?.path == path)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == names)
            #expect(text("\(folder)/file") == "mine")
            try DurableFiles.writeAtomically("x", to: "\(folder)/file")
            #expect(text("\(folder)/file") == "x")
        }
    }

    /// What lies under the names that drafts once had is neither followed nor overwritten.
    @Test func draftsHaveNamesOfTheirOwn() throws {
        try withTemporaryFolder { folder in
            try write("mine", "\(folder)/mine")
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/config.yaml.tmp", withDestinationPath: "mine")
            try DurableFiles.writeAtomically("x", to: "\(folder)/config.yaml")
            #expect(text("\(folder)/mine") == "mine" && text("\(folder)/config.yaml") == "x")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                    "config.yaml", "config.yaml.tmp", "mine",
                ])
        }
    }

    @Test func contentIsJudgedBeforeItIsRead() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/file"
            #expect(throws: DurableFiles.ReadFailure.missing) { try DurableFiles.content(of: path, atMost: 5) }
            try write("12345", path)
            #expect(try DurableFiles.content(of: path, atMost: 5) == Data("12345".utf8))
            #expect(throws: DurableFiles.ReadFailure.tooLong(bytes: 5, limit: 4)) {
                try DurableFiles.content(of: path, atMost: 4)
            }
            #expect(throws: DurableFiles.ReadFailure.noRegularFile) { try DurableFiles.content(of: folder, atMost: 5) }
            try #require(mkfifo("\(folder)/pipe", 0o644) == 0)
            #expect(throws: DurableFiles.ReadFailure.noRegularFile) {
                try DurableFiles.content(of: "\(folder)/pipe", atMost: 5)
            }
        }
    }

    @Test func placesWhereAFileSystemBeginsAreKnown() throws {
        #expect(DurableFiles.isMountPoint("/proc") && DurableFiles.isMountPoint("/"))
        try withTemporaryFolder { folder in
            #expect(!DurableFiles.isMountPoint(try #require(DurableFiles.resolved(folder))))
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "/proc/")
            #expect(DurableFiles.resolved("\(folder)/link") == "/proc")
            #expect(DurableFiles.resolved("\(folder)/nothing") == nil)
        }
    }
}
