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

    @Test func whatIsWrittenIsReadBackAndReplacesTheOldFileWhole() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("safetensors-\(getpid())-write")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("model.safetensors").path
        for count in [1000, 3] {
            let file = SafetensorsFile(
                tensors: [Tensor(name: "x\n\u{1}\\", shape: [count], floats: (0..<count).map(Float.init))],
                metadata: ["a": "\"b\""])
            try file.write(to: path)
            #expect(try SafetensorsFile(readingFrom: path) == file)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.safetensors"])
    }

    @Test func aFileThatIsNotThereOrCannotBeWrittenIsNamed() {
        let missing = #expect(throws: SafetensorsError.self) { _ = try SafetensorsFile(readingFrom: "/no/such/file") }
        #expect(missing?.kind == .missing)
        #expect(missing?.description == "/no/such/file: there is no such file")
        let unwritable = #expect(throws: SafetensorsError.self) {
            try SafetensorsFile(tensors: []).write(to: "/no/such/folder/file")
        }
        #expect(unwritable?.kind == .unwritable)
        #expect(unwritable?.description.hasPrefix("/no/such/folder/file: ") == true)
    }
}
