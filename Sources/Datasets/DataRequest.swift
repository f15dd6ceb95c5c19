public import Configuration
import Randomness

/// Which data an experiment wants.
public struct DataRequest: Sendable, Hashable {
    public var name: String
    /// The options that only this data set has.
    public var options: Options
    /// The folder of the files; nil for the usual places.
    public var path: String?
    /// How many training samples to learn from; nil for all that validation leaves.
    public var trainSamples: Int?
    /// How many training samples to set apart for validation.
    public var validationSamples: Int
    /// How many test samples to test on; nil for all.
    public var testSamples: Int?
    /// Whether inputs are normalised by the data set's mean and deviation, or only scaled to 0 to 1.
    public var normalize: Bool
    /// Decides which samples are chosen where not all are wanted, and what a synthetic set holds.
    public var seed: UInt64

    /// Counts of samples are checked against the data set only when it is opened.
    public init(
        name: String, options: Options = Options(), path: String? = nil, trainSamples: Int? = nil,
        validationSamples: Int = 0, testSamples: Int? = nil, normalize: Bool = true, seed: UInt64 = 1
    ) {
        self.name = name
        self.options = options
        self.path = path
        self.trainSamples = trainSamples
        self.validationSamples = validationSamples
        self.testSamples = testSamples
        self.normalize = normalize
        self.seed = seed
    }

    /// Leaves in the data set what is wanted of it.
    ///
    /// Which samples, the seed decides: the training samples in random order give the first `trainSamples` for training
    /// and the last `validationSamples` for validation. What is chosen keeps the data set's order.
    func limit(_ dataset: inout UnreadDataset) throws(ConfigurationError) {
        let total = dataset.train.count
        let train = try trainCount(of: total)
        if train < total {
            let order = chosen(from: total, round: 0)
            dataset.validation = dataset.train.selecting(order.suffix(validationSamples).sorted())
            dataset.train = dataset.train.selecting(order.prefix(train).sorted())
        }
        guard let testSamples else { return }
        try refuseFewerThanOne(testSamples, key: "test_samples")
        guard testSamples <= dataset.test.count else {
            throw ConfigurationError(
                key: "test_samples", "\(testSamples) is more than the \(dataset.test.count) test samples of \(name)")
        }
        if testSamples < dataset.test.count {
            let order = chosen(from: dataset.test.count, round: 1)
            dataset.test = dataset.test.selecting(order.prefix(testSamples).sorted())
        }
    }

    private func trainCount(of total: Int) throws(ConfigurationError) -> Int {
        guard validationSamples >= 0 else {
            throw ConfigurationError(
                key: "validation_samples", "\(validationSamples) is not a whole number of at least 0")
        }
        guard validationSamples < total else {
            throw ConfigurationError(
                key: "validation_samples",
                "\(validationSamples) leaves nothing to learn from of the \(total) training samples of \(name)")
        }
        guard let trainSamples else { return total - validationSamples }
        try refuseFewerThanOne(trainSamples, key: "train_samples")
        guard trainSamples <= total - validationSamples else {
            let besides = validationSamples == 0 ? "" : " besides \(validationSamples) validation samples"
            throw ConfigurationError(
                key: "train_samples",
                "\(trainSamples) is more than the \(total - validationSamples) training samples of \(name)" + besides)
        }
        return trainSamples
    }

    private func refuseFewerThanOne(_ count: Int, key: String) throws(ConfigurationError) {
        guard count >= 1 else { throw ConfigurationError(key: key, "\(count) is not a whole number of at least 1") }
    }

    /// The indices in random order, by a stream that no partition draws from.
    private func chosen(from count: Int, round: UInt64) -> [Int] {
        var stream = RandomStream(seed: seed, purpose: .partition, peer: -1, round: round)
        return stream.permutation(of: count)
    }
}
