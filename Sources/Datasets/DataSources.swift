public import Configuration

/// The data sets by name: one entry here makes a data set known to experiments, lists and the schema.
public enum DataSources {
    /// Finds and checks the files of a data set, or makes it, and reads its labels.
    typealias Open = @Sendable (DataRequest, DataPlaces) throws -> UnreadDataset

    private static let registry = Registry<Open>(
        "data set",
        [
            IDXCollection.fashionMNIST.entry, IDXCollection.mnist.entry, CIFARCollection.cifar10.entry,
            CIFARCollection.cifar100.entry, ImageFolder.entry, ArrayFiles.entry, Synthetic.entry,
        ])

    /// Every data set with the options that only it has, in the order of the lists.
    public static let all: [Description] = registry.descriptions

    /// Finds, reads, checks and cuts to size what is requested.
    ///
    /// Throws as `open` does.
    public static func load(_ request: DataRequest, places: DataPlaces) throws -> Dataset {
        try open(request, places: places).read()
    }

    /// Makes the files of a data set from pictures of it, in folders or a tar archive, and hands them over one by one.
    ///
    /// Throws a `ConfigurationError` for a data set that is not made so (only cifar10 is), a `DataError` for pictures
    /// that are not those of the set, and whatever `write` throws.
    public static func convert(
        _ name: String, from source: String, write: (_ name: String, _ bytes: [UInt8]) throws -> Void
    ) throws {
        guard name == CIFARCollection.cifar10.name else {
            throw ConfigurationError(
                key: "name", "'\(name)' is not made from pictures; \(CIFARCollection.cifar10.name) is")
        }
        try CIFARCollection.cifar10(from: source, write)
    }

    /// Finds, checks and cuts to size what is requested, and reads the labels; the pixels can be read in part.
    ///
    /// Throws a `ConfigurationError` for an unknown name (key `name`), options that cannot be and more samples than
    /// there are, the keys being those of the `data` section; a `DataError` for files that are missing or malformed.
    public static func open(_ request: DataRequest, places: DataPlaces) throws -> UnreadDataset {
        var dataset = try registry.make(request.name, request.options)(request, places)
        if !request.normalize {
            dataset.normalization = .none(channels: dataset.shape.channels)
        } else if request.path != nil || dataset.name == ArrayFiles.name, dataset.train.photos == nil {
            // What lies in a folder of the user's need not be the data set of that name.
            let measured = try Normalization(measuring: dataset.train)
            if !measured.isNear(dataset.normalization) { dataset.normalization = measured }
        }
        try request.limit(&dataset)
        return dataset
    }
}
