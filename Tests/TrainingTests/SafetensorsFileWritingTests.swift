import Foundation
import Records
import Safetensors
import TestKit
import Testing
import Training

@Suite struct SafetensorsFileWritingTests {
    @Test func whatIsWrittenIsReadBackAndReplacesTheOldFileWhole() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/model.safetensors"
            for count in [1000, 3] {
                let file = SafetensorsFile(
                    tensors: [Tensor(name: "x\n\u{1}\\", shape: [count], floats: (0..<count).map(Float.init))],
                    metadata: ["a": "\"b\""])
                try file.write(to: path)
                #expect(try SafetensorsFile(readingFrom: path) == file)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model.safetensors"])
        }
    }

    @Test func aFileThatCannotBeWrittenIsNamed() {
        let error = #expect(throws: OutputError.self) {
            try SafetensorsFile(tensors: []).write(to: "/no/such/folder/file")
        }
        #expect(error?.description.hasPrefix("/no/such/folder/file: ") == true)
    }
}
