import Datasets
import Records
import Safetensors
import TestKit
import Testing

@testable import Training
@testable import Workloads

@Suite struct SavedModelTestTests {
    /// Nested aliases in the metadata, which would stand for billions of values.
    @Test func aModelFileThatGrowsIsMalformed() throws {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            yaml +=
                "a\(level): &a\(level) ["
                + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        try withTemporaryFolder { folder in
            let path = "\(folder)/model.safetensors"
            try SafetensorsFile(tensors: [], metadata: [ModelFile.experimentKey: yaml]).write(to: path)
            let error = #expect(throws: SafetensorsError.self) {
                try SavedModelTest(path: path, data: nil, places: DataPlaces(collection: nil, home: nil))
            }
            #expect(error?.kind == .malformed)
            #expect(error?.description.contains("the aliases stand for more than") == true)
        }
    }
}
