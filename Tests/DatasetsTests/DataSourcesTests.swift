import Configuration
import TestKit
import Testing

@testable import Datasets

@Suite struct DataSourcesTests {
    private let nowhere = DataPlaces(collection: nil, home: nil, system: "/nonexistent")

    @Test func everyListedDataSetIsKnown() throws {
        let names = ["fashion-mnist", "mnist", "cifar10", "cifar100", "image-folder", "arrays", "synthetic"]
        #expect(DataSources.all.map(\.name) == names)
        for description in DataSources.all where description.name != "synthetic" {
            let error = #expect(throws: DataError.self) {
                try DataSources.load(DataRequest(name: description.name), places: nowhere)
            }
            #expect(error?.subject == description.name)
            #expect(error?.problem == "not found; looked in /nonexistent/\(description.name) (no such folder)")
        }
    }

    @Test func normalizationIsTheDataSetsOwnUnlessItIsOff() throws {
        let folder = try TemporaryFolder()
        try folder.writeSmallCollection(in: "fashion-mnist")
        let places = DataPlaces(collection: folder.path, home: nil, system: "/nonexistent")
        var request = DataRequest(name: "fashion-mnist")
        #expect(try DataSources.load(request, places: places).normalization.mean == [0.2860])
        request.normalize = false
        #expect(try DataSources.load(request, places: places).normalization == .none(channels: 1))
    }

    @Test func whatLiesInAFolderOfTheUsersIsNormalizedByItsOwnNumbers() throws {
        let folder = try TemporaryFolder()
        try folder.writeSmallCollection(in: "here")
        var request = DataRequest(name: "fashion-mnist", path: "\(folder.path)/here")
        let whole = try DataSources.load(request, places: nowhere)
        let pixels = whole.train.pixels.map { Double($0) / 255 }
        let mean = pixels.reduce(0, +) / Double(pixels.count)
        let deviation = (pixels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pixels.count)).squareRoot()
        #expect(abs(Double(whole.normalization.mean[0]) - mean) < 1e-6)
        #expect(abs(Double(whole.normalization.deviation[0]) - deviation) < 1e-6)
        // All training samples count, however few are learned from.
        request.trainSamples = 2
        #expect(try DataSources.load(request, places: nowhere).normalization == whole.normalization)
        request.normalize = false
        #expect(try DataSources.load(request, places: nowhere).normalization == .none(channels: 1))
    }

    @Test(arguments: [
        (DataRequest(name: "mnsit"), "name", "unknown data set 'mnsit'; did you mean 'mnist'?"),
        (
            DataRequest(name: "mnist", options: Options(["size": .integer(3)])), "size",
            "unknown key 'size'; there is none to give here"
        ),
        (
            DataRequest(name: "synthetic", path: "here"), "path",
            "the synthetic data set is made, not read; leave path out"
        ),
    ])
    func impossibleRequestsAreRefused(request: DataRequest, key: String, message: String) {
        #expect(throws: ConfigurationError(key: key, message)) { try DataSources.load(request, places: nowhere) }
    }
}
