import Configuration
import Testing

@testable import Datasets

@Suite struct DataRequestTests {
    /// A data set in which the first pixel of image i is i, so that a sample can be told.
    private func dataset() -> UnreadDataset {
        func samples(_ count: Int) -> UnreadSamples {
            UnreadSamples(
                ImageSamples(
                    shape: ImageShape(channels: 1, height: 1, width: 2),
                    pixels: (0..<count).flatMap { [UInt8($0), 7] },
                    labels: (0..<count).map { Int32($0 % 3) }))
        }
        return UnreadDataset(
            name: "small", folder: nil, classes: ["a", "b", "c"], normalization: .none(channels: 1),
            train: samples(100), test: samples(20))
    }

    private func limited(_ change: (inout DataRequest) -> Void) throws -> Dataset {
        var request = DataRequest(name: "small")
        change(&request)
        var dataset = dataset()
        try request.limit(&dataset)
        return try dataset.read()
    }

    private func ids(_ samples: ImageSamples) -> [Int] {
        for index in 0..<samples.count { #expect(samples.labels[index] == Int32(samples.pixels[2 * index]) % 3) }
        return stride(from: 0, to: samples.pixels.count, by: 2).map { Int(samples.pixels[$0]) }
    }

    @Test func allIsKeptWhereNothingIsAsked() throws {
        let all = try limited { _ in }
        #expect(ids(all.train) == Array(0..<100))
        #expect(ids(all.test) == Array(0..<20))
        #expect(all.validation.count == 0)
    }

    @Test func trainingAndValidationAreDisjointAndInTheOldOrder() throws {
        let chosen = try limited { ($0.trainSamples, $0.validationSamples, $0.testSamples) = (30, 50, 5) }
        let (train, validation, test) = (ids(chosen.train), ids(chosen.validation), ids(chosen.test))
        #expect(train.count == 30 && validation.count == 50 && test.count == 5)
        #expect(Set(train).isDisjoint(with: validation))
        #expect(train == train.sorted() && validation == validation.sorted() && test == test.sorted())
        // A random choice, not the head of the file.
        #expect(train != Array(0..<30) && test != Array(0..<5))
    }

    @Test func trainingIsWhatValidationLeaves() throws {
        let chosen = try limited { $0.validationSamples = 40 }
        #expect(Set(ids(chosen.train)).union(ids(chosen.validation)) == Set(0..<100))
        #expect(chosen.train.count == 60)
    }

    @Test func theSeedDecidesAndMoreSamplesAddToFewer() throws {
        let chosen = try [(1, 30), (1, 30), (2, 30), (1, 31)].map { seed, count in
            Set(ids(try limited { ($0.seed, $0.trainSamples) = (UInt64(seed), count) }.train))
        }
        #expect(chosen[0] == chosen[1])
        #expect(chosen[0] != chosen[2])
        #expect(chosen[0].isSubset(of: chosen[3]))
    }

    @Test(
        arguments: [
            (101, 0, nil, "train_samples", "101 is more than the 100 training samples of small"),
            (
                51, 50, nil, "train_samples",
                "51 is more than the 50 training samples of small besides 50 validation samples"
            ),
            (0, 0, nil, "train_samples", "0 is not a whole number of at least 1"),
            (
                nil, 100, nil, "validation_samples",
                "100 leaves nothing to learn from of the 100 training samples of small"
            ),
            (nil, -1, nil, "validation_samples", "-1 is not a whole number of at least 0"),
            (nil, 0, 21, "test_samples", "21 is more than the 20 test samples of small"),
            (nil, 0, 0, "test_samples", "0 is not a whole number of at least 1"),
        ] as [(Int?, Int, Int?, String, String)])
    func moreThanThereAreIsRefused(train: Int?, validation: Int, test: Int?, key: String, message: String) {
        #expect(throws: ConfigurationError(key: key, message)) {
            _ = try limited { ($0.trainSamples, $0.validationSamples, $0.testSamples) = (train, validation, test) }
        }
    }
}
