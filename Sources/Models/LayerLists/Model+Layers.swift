internal import Configuration

extension Model {
    private static let list = Option<[OptionValue]>.list(
        "layers", of: LayerList.itemName,
        "the layers one behind the other: words such as relu, tables such as {dense: 10}")

    /// A network that the user writes.
    static let layers = Model(
        description: Description(
            name: "layers", summary: "a network of your own: the layers that the list 'layers' names",
            options: [list.description]),
        isWritten: true
    ) { (options, classes) throws(ConfigurationError) in
        let items = try options.value(list)
        guard !items.isEmpty else {
            throw ConfigurationError(
                key: "layers",
                "model layers has none; write them one behind the other, such as [flatten, {dense: \(classes)}]")
        }
        return try LayerList.layers(items)
    }
}
