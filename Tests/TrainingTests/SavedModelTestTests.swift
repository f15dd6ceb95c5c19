import Datasets
import Experiments
import Foundation
import Records
import Safetensors
import TestKit
import Testing

@testable import Training
@testable import Workloads

@Suite struct SavedModelTestTests {
    private static let saved = ["model.name=resnet20", "model.width=4", "model.depth=1", "data.name=arrays"]

    private func fixture(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
    }

    private func test(_ path: String, config: String? = nil, _ settings: [String] = []) throws -> SavedModelTest {
        try SavedModelTest(
            path: path, config: config, settings: settings, data: nil, dataPath: fixture("saved.npz"),
            places: DataPlaces(collection: nil, home: nil))
    }

    /// The state of a network that PyTorch saved, and images whose labels are its answers (`make_saved` in
    /// script/make-fixtures.py).
    @Test func everyAnswerIsPyTorchs() throws {
        let path = fixture("saved.safetensors")
        let found = try test(path, Self.saved)
        #expect(found.samples == 60 && found.correct == 60)
        let loss = try #require(SafetensorsFile(readingFrom: path).metadata["loss"].flatMap { Double($0) })
        #expect(abs(found.loss - loss) < 1e-6, "\(found.loss) and PyTorch \(loss)")
        try withTemporaryFolder { folder in
            let file = "\(folder)/x.yaml"
            try Data("{model: {name: resnet20, width: 4, depth: 1}, data: {name: arrays}}".utf8)
                .write(to: URL(filePath: file))
            #expect(try test(path, config: file) == found)
        }
    }

    @Test func weightsThatCannotBeTestedAreRefused() throws {
        let path = fixture("saved.safetensors")
        func refusal(_ path: String, _ settings: [String]) -> String {
            let error = #expect(throws: SafetensorsError.self) { try test(path, settings) }
            #expect(error?.kind == .malformed)
            return error?.description ?? "none"
        }
        #expect(refusal(path, ["data.name=arrays"]).contains("does not say which model it holds; say so by"))
        #expect(refusal(path, Self.saved + ["model.width=8"]).contains("conv1.weight is [4, 3, 3, 3] and ought to be"))
        try withTemporaryFolder { folder in
            let whole = try SafetensorsFile(readingFrom: path)
            let parameters = whole.tensors.filter { !$0.name.contains("running") }
            try SafetensorsFile(tensors: parameters).write(to: "\(folder)/w")
            #expect(refusal("\(folder)/w", Self.saved).contains("it lacks the running means and variances"))
        }
    }

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
