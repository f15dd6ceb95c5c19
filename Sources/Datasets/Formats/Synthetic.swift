import Configuration
import Randomness

/// Images that are made: each class has a prototype of independent Gaussian pixels, each image is its prototype with
/// Gaussian noise on it, in the 256 steps of a byte. For trials and tests without files.
struct Synthetic: Sendable {
    static let classes = Option.integer("classes", default: 10, in: 2...256, "How many classes there are")
    static let size = Option.integer("size", default: 28, in: 1...1024, "Height and width of an image in pixels")
    static let channels = Option.integer("channels", default: 1, in: 1...64, "Channels of an image")
    static let samples = Option.integer(
        "samples", default: 4096, in: 1...100_000_000, "Training samples; test samples are a quarter as many")
    static let noise = Option.number(
        "noise", default: 4, in: 0...1000, "Standard deviation of the noise, the prototypes' being 1")

    static let name = "synthetic"
    static let entry = RegistryEntry<DataSources.Open>(
        name, "Images made from the seed: a Gaussian prototype for each class, with noise",
        options: [
            classes.description, size.description, channels.description, samples.description, noise.description,
        ]
    ) { request, _ in
        guard request.path == nil else {
            throw ConfigurationError(key: "path", "the \(name) data set is made, not read; leave path out")
        }
        return try Synthetic(request.options).open(seed: request.seed)
    }

    /// Mean and standard deviation of the pixels, were they not cut off at black and white.
    private static let middle = 127.5
    private static let spread = 48.0

    let shape: ImageShape
    let classCount: Int
    let trainCount: Int
    let noise: Double

    init(_ options: Options) throws(ConfigurationError) {
        let size = try options.value(Self.size)
        shape = ImageShape(channels: try options.value(Self.channels), height: size, width: size)
        classCount = try options.value(Self.classes)
        trainCount = try options.value(Self.samples)
        noise = try options.value(Self.noise)
        guard 8 * classCount * shape.count <= WholeFile.limit else {
            throw ConfigurationError(
                key: "classes",
                "\(classCount) prototypes of \(shape) are \(8 * classCount * shape.count) bytes, of at most "
                    + "\(WholeFile.limit); lower classes, size or channels")
        }
        let bytes = (trainCount + testCount) * shape.count
        guard bytes <= WholeFile.limit else {
            throw ConfigurationError(
                key: "samples",
                "\(trainCount) and \(testCount) images of \(shape) are \(bytes) bytes, of at most \(WholeFile.limit); "
                    + "lower samples, size or channels")
        }
    }

    private var testCount: Int { (trainCount + 3) / 4 }

    func open(seed: UInt64) -> UnreadDataset {
        var stream = RandomStream(seed: seed, purpose: .synthetic)
        let prototypes = (0..<classCount).map { _ in (0..<shape.count).map { _ in stream.normal() } }
        let channels = shape.channels
        return UnreadDataset(
            name: Self.name, folder: nil, classes: (0..<classCount).map { "class \($0)" },
            normalization: Normalization(
                mean: [Float](repeating: 0.5, count: channels),
                deviation: [Float](repeating: Float(Self.spread / 255), count: channels)),
            train: images(trainCount, of: prototypes, seed: seed, round: 1),
            test: images(testCount, of: prototypes, seed: seed, round: 2))
    }

    /// Classes take turns, so that each has equally many images.
    private func images(_ count: Int, of prototypes: [[Double]], seed: UInt64, round: UInt64) -> UnreadSamples {
        UnreadSamples(
            shape: shape, labels: (0..<count).map { Int32($0 % classCount) },
            source: Pixels(
                prototypes: prototypes, noise: noise,
                stream: RandomStream(seed: seed, purpose: .synthetic, round: round)))
    }

    /// Images that are made when they are wanted, all from one stream of random numbers.
    private struct Pixels: PixelSource {
        let prototypes: [[Double]]
        let noise: Double
        let stream: RandomStream
        /// Whatever comes before an image is drawn before it.
        let isReadSingly = false

        func pixels(of records: [Range<Int>]) -> [UInt8] {
            let scale = spread / (1 + noise * noise).squareRoot()
            let imageBytes = prototypes[0].count
            var stream = stream
            var made = 0
            var pixels: [UInt8] = []
            pixels.reserveCapacity(records.reduce(0) { $0 + $1.count } * imageBytes)
            for run in records {
                stream.skipNormals((run.lowerBound - made) * imageBytes)
                for record in run {
                    for value in prototypes[record % prototypes.count] {
                        let pixel = middle + scale * (value + noise * stream.normal())
                        pixels.append(UInt8(max(0, min(255, pixel.rounded()))))
                    }
                }
                made = run.upperBound
            }
            return pixels
        }
    }
}
