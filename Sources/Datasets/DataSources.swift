public import Configuration

/// The data sets by name: one entry here makes a data set known to experiments, lists and the schema.
public enum DataSources {
    /// Finds and checks the files of a data set, or makes it, and reads its labels.
    typealias Open = @Sendable (DataRequest, DataPlaces) throws -> UnreadDataset

    private static let registry = Registry<Open>(
        "data set", [IDXCollection.fashionMNIST.entry, IDXCollection.mnist.entry, CIFAR10.entry, Synthetic.entry])

    /// Every data set with the options that only it has, in the order of the lists.
    public static let all: [Description] = registry.descriptions

    /// Finds, reads, checks and cuts to size what is requested.
    ///
    /// Throws as `open` does.
    public static func load(_ request: DataRequest, places: DataPlaces) throws -> Dataset {
        try open(request, places: places).read()
    }

    /// Finds, checks and cuts to size what is requested, and reads the labels; the pixels can be read in part.
    ///
    /// Throws a `ConfigurationError` for an unknown name (key `name`), options that cannot be and more samples than
    /// there are, the keys being those of the `data` section; a `DataError` for files that are missing or malformed.
    public static func open(_ request: DataRequest, places: DataPlaces) throws -> UnreadDataset {
        var dataset = try registry.make(request.name, request.options)(request, places)
        if !request.normalize {
            dataset.normalization = .none(channels: dataset.shape.channels)
        } else if request.path != nil {
            // What lies in a folder of the user's need not be the data set of that name.
            let measured = try Normalization(measuring: dataset.train)
            if !measured.isNear(dataset.normalization) { dataset.normalization = measured }
        }
        try request.limit(&dataset)
        return dataset
    }
}
