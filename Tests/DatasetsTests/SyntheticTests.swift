import Configuration
import Testing

@testable import Datasets

@Suite struct SyntheticTests {
    private func make(_ options: [String: OptionValue], seed: UInt64 = 1) throws -> Dataset {
        try DataSources.load(
            DataRequest(name: "synthetic", options: Options(options), seed: seed), places: DataPlaces(environment: [:]))
    }

    private let small: [String: OptionValue] = [
        "classes": .integer(3), "size": .integer(5), "channels": .integer(2), "samples": .integer(90),
    ]

    @Test func theOptionsAreKept() throws {
        let dataset = try make(small)
        #expect(dataset.shape == ImageShape(channels: 2, height: 5, width: 5))
        #expect(dataset.train.histogram(classes: 3) == [30, 30, 30])
        #expect(dataset.test.count == 23)
        #expect(dataset.classes.count == 3)
        #expect(dataset.folder == nil)
    }

    @Test func theSeedDecides() throws {
        #expect(try make(small).train.pixels == make(small).train.pixels)
        #expect(try make(small).train.pixels != make(small, seed: 2).train.pixels)
        #expect(try make(small).train.pixels.prefix(50) != make(small).test.pixels.prefix(50))
    }

    @Test func pixelsHaveTheMomentsThatNormalizationAssumes() throws {
        let dataset = try make(["size": .integer(8), "samples": .integer(1000), "classes": .integer(100)])
        let table = dataset.normalization.table
        let inputs = dataset.train.pixels.map { Double(table[Int($0)]) }
        let mean = inputs.reduce(0, +) / Double(inputs.count)
        let variance = inputs.map { $0 * $0 }.reduce(0, +) / Double(inputs.count)
        #expect(abs(mean) < 0.05)
        #expect(abs(variance - 1) < 0.05)
    }

    /// The prototypes carry over to the test images: the nearest class mean of the training images finds their class.
    @Test func testImagesCanBeToldFromTrainingImages() throws {
        let dataset = try make([
            "classes": .integer(4), "size": .integer(12), "samples": .integer(800), "noise": .number(2),
        ])
        let pixels = dataset.shape.count
        var means = [[Double]](repeating: [Double](repeating: 0, count: pixels), count: 4)
        for index in 0..<dataset.train.count {
            for pixel in 0..<pixels {
                means[Int(dataset.train.labels[index])][pixel] +=
                    Double(dataset.train.pixels[index * pixels + pixel]) / 200
            }
        }
        let correct = (0..<dataset.test.count).count { index in
            let distances = means.map { mean in
                (0..<pixels).map { pixel in
                    let difference = Double(dataset.test.pixels[index * pixels + pixel]) - mean[pixel]
                    return difference * difference
                }.reduce(0, +)
            }
            return distances.firstIndex(of: distances.min()!) == Int(dataset.test.labels[index])
        }
        #expect(correct >= 195)
    }

    @Test(
        arguments: [
            ("classes", .integer(1), "1 is not a whole number from 2 to 256"),
            ("noise", .number(-1), "-1.0 is not a number from 0 to 1000"),
            ("shape", .integer(3), "unknown key 'shape'; known are channels, classes, noise, samples, size"),
            (
                "samples", .integer(100_000_000),
                "100000000 and 25000000 images of 1 x 28 x 28 are 98000000000 bytes, of at most 1073741824; "
                    + "lower samples, size or channels"
            ),
        ] as [(String, OptionValue, String)])
    func impossibleSettingsAreRefused(key: String, value: OptionValue, message: String) {
        #expect(throws: ConfigurationError(key: key, message)) { try make([key: value]) }
    }
}
