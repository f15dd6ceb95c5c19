import Foundation
import Testing

@testable import Safetensors

@Suite struct SafetensorsFileTests {
    private let reference = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/reference.safetensors").path

    @Test func readsWhatThePythonPackageWrote() throws {
        let file = try SafetensorsFile(readingFrom: reference)
        #expect(file.metadata == ["format": "pt"])
        #expect(file["label"]?.integers == [-5, 1 << 40])
        #expect(file["words"]?.integers == [-1, 2_147_483_647])
        #expect(file["bytes"]?.integers == [1, 2, 255])
        #expect(file["bytes"]?.shape == [1, 3])
        #expect(file["b.weight"]?.floats == [0.5, -1.25, 3e-38, .infinity, 0, 1e10])
        #expect(file["scalar"]?.shape == [])
        #expect(file["scalar"]?.floats == [7.5])
        #expect(file["empty"]?.shape == [0, 4])
        #expect(file["with \"quotes\" and ü"]?.floats == [1])
        #expect(file["b.weight"]?.integers == nil)
        #expect(file["label"]?.floats == nil)
    }

    @Test func writesTheSameBytesAsThePythonPackage() throws {
        let file = try SafetensorsFile(readingFrom: reference)
        let shuffled = SafetensorsFile(tensors: file.tensors.reversed(), metadata: file.metadata)
        #expect(try Data(shuffled.encoded()) == Data(contentsOf: URL(fileURLWithPath: reference)))
    }

    /// Lends a new empty folder.
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "safetensors-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func aFileThatIsNotThereIsNamed() {
        let missing = #expect(throws: SafetensorsError.self) { _ = try SafetensorsFile(readingFrom: "/no/such/file") }
        #expect(missing?.kind == .missing)
        #expect(missing?.description == "/no/such/file: there is no such file")
    }

    @Test func whatIsNoRegularFileIsNotOpened() throws {
        try withFolder { folder in
            try #require(mkfifo("\(folder)/pipe", 0o644) == 0)
            for path in ["\(folder)/pipe", folder, "/dev/zero"] {
                let error = #expect(throws: SafetensorsError.self) { _ = try SafetensorsFile(readingFrom: path) }
                #expect(error?.kind == .malformed && error?.reason.contains("no regular file") == true)
            }
        }
    }

    /// A file of 6 GB, a hole but for its ends: what nobody asks for is not read.
    @Test func aLongFileIsMapped() throws {
        try withFolder { folder in
            let path = "\(folder)/long"
            let length = 6 << 30
            var header = #"{"a":{"dtype":"U8","shape":[\#(length)],"data_offsets":[0,\#(length)]},"#
            header += #""b":{"dtype":"F32","shape":[1],"data_offsets":[\#(length),\#(length + 4)]}}"#
            var bytes: [UInt8] = []
            bytes.appendLittleEndian(UInt64(header.utf8.count))
            try Data(bytes + Array(header.utf8)).write(to: URL(fileURLWithPath: path))
            let whole = bytes.count + header.utf8.count + length + 4
            try #require(truncate(path, whole) == 0)
            let file = try SafetensorsFile(readingFrom: path)
            #expect(file["a"]?.byteCount == length)
            #expect(file["b"]?.floats == [0])
            // Cut off, it is refused by its length alone.
            try #require(truncate(path, whole - 1) == 0)
            #expect(throws: SafetensorsError.self) { _ = try SafetensorsFile(readingFrom: path) }
            try #require(truncate(path, 0) == 0 && truncate(path, whole) == 0)
            #expect(throws: SafetensorsError.self) { _ = try SafetensorsFile(readingFrom: path) }
        }
    }
}
