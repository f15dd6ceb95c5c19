public import Configuration

/// The data sets by name: one entry here makes a data set known to experiments, lists and the schema.
public enum DataSources {
    /// Every data set with the options that only it has, in the order of the lists.
    public static let all: [Description] =
        collections.map { Description(name: $0.name, summary: $0.summary) } + [
            Description(name: CIFAR10.name, summary: CIFAR10.summary), Synthetic.description,
        ]

    private static let collections = [IDXCollection.fashionMNIST, .mnist]

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
        var dataset = try whole(request, places)
        try request.limit(&dataset)
        if !request.normalize { dataset.normalization = .none(channels: dataset.shape.channels) }
        return dataset
    }

    private static func whole(_ request: DataRequest, _ places: DataPlaces) throws -> UnreadDataset {
        guard let description = all.first(where: { $0.name == request.name }) else {
            throw ConfigurationError(key: "name", unknown("data set", request.name, known: all.map(\.name)))
        }
        try request.options.refuseUnknown(besides: description.options)
        if let collection = collections.first(where: { $0.name == request.name }) {
            return try collection.open(path: request.path, places: places)
        }
        if request.name == CIFAR10.name { return try CIFAR10().open(path: request.path, places: places) }
        guard request.path == nil else {
            throw ConfigurationError(key: "path", "the \(request.name) data set is made, not read; leave path out")
        }
        return try Synthetic(request.options).open(seed: request.seed)
    }
}
