import Foundation
import Testing

@testable import Datasets

/// The published data sets, where this machine has them: 60000 and 10000 images, the classes' sizes, and the mean and
/// deviation that everyone normalises by.
@Suite struct PublishedDataTests {
    private static let fashion = "/usr/share/datasets/fashion-mnist"
    private static let digits = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../../../shared/data/mnist").standardizedFileURL.path

    private static func isThere(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/train-images-idx3-ubyte.gz")
    }

    @Test(.enabled(if: isThere(fashion), "the package dataset-fashion-mnist is not installed"))
    func fashionMNISTIsAsPublished() throws {
        let dataset = try check(.fashionMNIST, in: Self.fashion)
        #expect(Array(dataset.train.labels.prefix(10)) == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
        #expect(dataset.train.histogram(classes: 10) == [Int](repeating: 6000, count: 10))
        #expect(dataset.test.histogram(classes: 10) == [Int](repeating: 1000, count: 10))
    }

    @Test(.enabled(if: isThere(digits), "there is no copy of MNIST beside the repository"))
    func mnistIsAsPublishedWhateverItsOrder() throws {
        let dataset = try check(.mnist, in: Self.digits)
        #expect(
            dataset.train.histogram(classes: 10) == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
        #expect(dataset.test.histogram(classes: 10) == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    }

    private func check(_ collection: IDXCollection, in folder: String) throws -> Dataset {
        let dataset = try collection.open(path: folder, places: DataPlaces(environment: [:])).read()
        #expect(dataset.shape == ImageShape(channels: 1, height: 28, width: 28))
        #expect(dataset.train.count == 60000)
        #expect(dataset.test.count == 10000)
        // Every eleventh pixel, 4 million, is enough for the three digits that are published.
        var (count, sum, squares) = (0, 0, 0)
        let pixels = dataset.train.pixels.span
        for index in stride(from: 0, to: pixels.count, by: 11) {
            let pixel = Int(pixels[index])
            (count, sum, squares) = (count + 1, sum + pixel, squares + pixel * pixel)
        }
        let mean = Double(sum) / Double(count)
        let deviation = (Double(squares) / Double(count) - mean * mean).squareRoot()
        #expect(abs(mean / 255 - Double(collection.normalization.mean[0])) < 3e-4)
        #expect(abs(deviation / 255 - Double(collection.normalization.deviation[0])) < 3e-4)
        return dataset
    }
}
