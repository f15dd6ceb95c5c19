import ArgumentParser
import Configuration
import Datasets
import Foundation
import Training

/// `murmur bench data`: photos decoded, cut by chance, mirrored and normalised, on one thread.
struct BenchData: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Time photos on one thread: decode, random rectangle to --size, mirror, normalize.")

    @Argument(help: "A folder or tar archive of photos in folders of their classes.") var photos: String
    @ArgumentParser.Option(help: "Height and width in pixels that photos are brought to.") var size = 224
    @ArgumentParser.Option(help: ArgumentHelp("Seconds to measure.", visibility: .hidden)) var seconds = 3.0
    @Flag(help: "Print one JSON object.") var json = false

    private static let batch = 25

    func run() throws {
        try reportingFailure {
            // The least part that may be set apart for testing, should there be none.
            let options = Options(["image_size": .integer(size), "test_fraction": .number(0.01)])
            let dataset = try DataSources.open(
                DataRequest(name: "image-folder", options: options, path: photos),
                places: DataPlaces(collection: nil, home: nil)
            ).read()
            var sampler = try Sampler(
                NormalizedSamples(dataset.train, dataset.normalization), share: Array(0..<dataset.train.count),
                batch: min(Self.batch, dataset.train.count), lastBatch: .drop,
                augmentation: Augmentation(rawValue: "resized-crop-flip") ?? .none, seed: 1, peer: 0)
            var labels = [Int32](repeating: 0, count: sampler.batch)
            var images = [Float](repeating: 0, count: labels.count * dataset.shape.count)
            var imageSpan = images.mutableSpan
            var labelSpan = labels.mutableSpan
            // The first photos bring libraries and files into memory.
            sampler.fill(images: &imageSpan, labels: &labelSpan)
            var count = 0
            let begin = ContinuousClock.now
            while (ContinuousClock.now - begin) / .seconds(1) < seconds {
                sampler.fill(images: &imageSpan, labels: &labelSpan)
                count += sampler.batch
            }
            let rate = Double(count) / ((ContinuousClock.now - begin) / .seconds(1))
            if let failure = dataset.train.failure { throw failure }
            try report(rate, count)
        }
    }

    private func report(_ rate: Double, _ count: Int) throws {
        let rounded = (rate * 10).rounded() / 10
        if json {
            try put(
                JSON.object([
                    ("images", .integer(count)), ("images_per_second", .number(rounded)), ("size", .integer(size)),
                ]).sorted.text)
        } else {
            try put("\(count) photos to \(size) x \(size), one thread: \(rounded) images/s")
        }
    }
}
