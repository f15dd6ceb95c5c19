import Foundation
import TestKit
import Testing

@testable import Datasets

@Suite struct IDXCollectionTests {
    private let folder: TemporaryFolder
    private let places: DataPlaces

    init() throws {
        folder = try TemporaryFolder()
        places = DataPlaces(
            collection: "\(folder.path)/collection", home: "\(folder.path)/home", system: "\(folder.path)/system")
    }

    private func load(_ path: String? = nil) throws -> Dataset {
        try IDXCollection.mnist.open(path: path.map { "\(folder.path)/\($0)" }, places: places).read()
    }

    /// The error of loading, its paths told from the test's folder.
    private func error() throws -> DataError? {
        var error = #expect(throws: DataError.self) { try load("here") }
        error?.subject.replace(folder.path + "/", with: "")
        error?.problem.replace(folder.path + "/", with: "")
        return error
    }

    @Test(arguments: ["", ".gz"]) func fourFilesMakeADataSet(suffix: String) throws {
        // What a file holds decides, not its suffix.
        try folder.writeSmallCollection(in: "here", suffix: suffix)
        let dataset = try load("here")
        #expect(dataset.name == "mnist")
        #expect(dataset.folder == "\(folder.path)/here")
        #expect(dataset.shape == ImageShape(channels: 1, height: 2, width: 3))
        #expect(dataset.train.labels == [0, 1, 2, 3, 9, 9])
        #expect(dataset.test.labels == [3, 2, 1, 0])
        #expect(dataset.validation.count == 0)
        #expect(dataset.train.pixels[30..<36] == [5, 50, 100, 150, 200, 255])
        #expect(dataset.train.histogram(classes: 10) == [1, 1, 1, 1, 0, 0, 0, 0, 0, 2])
    }

    @Test func theFirstPlaceThatHasAllFilesIsTaken() throws {
        try folder.writeSmallCollection(in: "system/mnist", suffix: ".gz")
        #expect(try load().folder == "\(folder.path)/system/mnist")
        try folder.writeSmallCollection(in: "home/.cache/murmur/mnist")
        #expect(try load().folder == "\(folder.path)/home/.cache/murmur/mnist")
        try folder.write("collection/mnist/train-images-idx3-ubyte", [])
        #expect(try load().folder == "\(folder.path)/home/.cache/murmur/mnist")
        try folder.writeSmallCollection(in: "collection/mnist")
        #expect(try load().folder == "\(folder.path)/collection/mnist")
    }

    @Test func whatIsMissingIsNamedWithThePlacesAndTheRemedy() throws {
        try folder.write("system/mnist/t10k-images-idx3-ubyte", [])
        let error = #expect(throws: DataError.self) { try load() }
        let base = folder.path
        #expect(error?.kind == .missing)
        #expect(
            error?.problem
                == "not found; looked in \(base)/collection/mnist (no such folder), "
                + "\(base)/home/.cache/murmur/mnist (no such folder), \(base)/system/mnist "
                + "(without train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-labels-idx1-ubyte.gz)")
        #expect(error?.remedy.contains("~/.cache/murmur/mnist") == true)
        #expect(IDXCollection.fashionMNIST.remedyForMissing.hasSuffix("apt-get install dataset-fashion-mnist"))
    }

    @Test func labelsMustBeAsManyAsImages() throws {
        try folder.writeSmallCollection(in: "here")
        try folder.write("here/t10k-labels-idx1-ubyte", idx([3], [0, 1, 2]))
        let error = try error()
        #expect(error?.kind == .malformed)
        #expect(error?.subject == "here/t10k-labels-idx1-ubyte")
        #expect(error?.problem == "holds 3 labels for the 4 images of here/t10k-images-idx3-ubyte")
    }

    @Test func labelsOfTheNamedSetMustBeItsClasses() throws {
        try folder.writeSmallCollection(in: "system/mnist")
        try folder.write("system/mnist/train-labels-idx1-ubyte", idx([6], [0, 1, 2, 10, 4, 255]))
        let error = #expect(throws: DataError.self) { try load() }
        #expect(error?.problem == "holds the label 10 at index 3, where labels are 0 to 9")
    }

    @Test func aFolderOfTheUsersMayHaveMoreClasses() throws {
        try folder.writeSmallCollection(in: "here")
        try folder.write("here/train-labels-idx1-ubyte", idx([6], [1, 2, 26, 4, 5, 6]))
        let dataset = try load("here")
        #expect(dataset.train.labels == [1, 2, 26, 4, 5, 6])
        #expect(dataset.classes.count == 27)
        #expect(dataset.classes.last == "class 26")
    }

    @Test func testImagesMustBeShapedAsTrainingImages() throws {
        try folder.writeSmallCollection(in: "here")
        try folder.write("here/t10k-images-idx3-ubyte", idx([4, 3, 2], [UInt8](repeating: 0, count: 24)))
        #expect(try error()?.problem == "has images of 1 x 3 x 2, but the training images are 1 x 2 x 3")
    }

    @Test(arguments: [[0, 2, 3], [6, 0, 3]]) func thereMustBeImages(shape: [Int]) throws {
        try folder.writeSmallCollection(in: "here")
        try folder.write("here/train-images-idx3-ubyte", idx(shape, []))
        #expect(try error()?.problem == "holds no images: \(shape[0]) x \(shape[1]) x 3")
    }

    @Test func aFileOfAnotherKindIsRefused() throws {
        try folder.writeSmallCollection(in: "here")
        try folder.write("here/train-images-idx3-ubyte", idx([6], [0, 1, 2, 3, 9, 9]))
        #expect(try error()?.problem == "has 1 dimensions, where 3 are expected")
    }

    /// The names that unpackers, torchvision and EMNIST give.
    @Test func filesAreFoundUnderTheirOtherNames() throws {
        func load(_ name: String, _ rename: (String) -> String) throws -> Dataset {
            try folder.writeSmallCollection(in: "plain")
            for file in IDXCollection.files.map({ String($0.dropLast(3)) }) {
                let bytes = try Data(contentsOf: URL(filePath: "\(folder.path)/plain/\(file)"))
                try folder.write("\(name)/\(rename(file))", [UInt8](bytes))
            }
            return try IDXCollection.mnist.open(
                path: "\(folder.path)/\(name)", places: DataPlaces(collection: nil, home: nil)
            ).read()
        }
        let forms: [(String) -> String] = [
            { $0 }, { $0.replacing("-idx", with: ".idx") }, { "MNIST/raw/\($0)" }, { "raw/\($0)" },
            { "EMNIST/raw/emnist-letters-" + $0.replacing("t10k", with: "test") },
        ]
        for (index, form) in forms.enumerated() {
            let dataset = try load("form-\(index)", form)
            #expect(dataset.train.labels == [0, 1, 2, 3, 9, 9] && dataset.test.labels == [3, 2, 1, 0])
            #expect(dataset.test.pixels.prefix(1) == [0] && dataset.train.pixels.suffix(6).first == 5)
        }
        // Of two splits of EMNIST neither is chosen.
        try folder.write("form-4/EMNIST/raw/emnist-digits-train-images-idx3-ubyte", [])
        #expect(throws: DataError.self) {
            try IDXCollection.mnist.open(
                path: "\(folder.path)/form-4", places: DataPlaces(collection: nil, home: nil))
        }
    }

    /// As many classes as the labels tell: EMNIST's letters have 26, counted from 1.
    @Test func aFolderOfTheUsersMayHaveAnyNumberOfClasses() throws {
        try folder.writeSmallCollection(in: "letters")
        try folder.write("letters/train-labels-idx1-ubyte", idx([6], [1, 2, 26, 4, 5, 6]))
        let dataset = try IDXCollection.mnist.open(
            path: "\(folder.path)/letters", places: DataPlaces(collection: nil, home: nil))
        #expect(dataset.classes.count == 27 && dataset.classes[26] == "class 26")
    }
}
