public import Configuration

/// Networks that users write in an experiment file: a list of layers, each a word, or a table of a word with its value
/// and the other settings.
public enum LayerList {
    /// What an item of such a list is called in schemas.
    public static let itemName = "layer"

    /// The one table of what may stand in such a list.
    private static let forms = Registry(
        "layer",
        [Dense.form, Convolution.form, MaxPool.form, AveragePool.form, GlobalAveragePool.form, Flatten.form]
            + Activation.forms + [Norm.batchForm, Norm.groupForm, EvoNorm.form, Dropout.form, Residual.form])

    /// The kinds of layers, each by its word, with their settings.
    public static var descriptions: [Description] { forms.descriptions }

    /// More than any network has, and few enough to be planned in a moment.
    static let limit = 1000

    /// The layers of a list. Throws for the first that there is not, or that is not written as it should be.
    static func layers(
        _ items: [OptionValue], at place: (Int) -> LayerPlace = LayerPlace.init
    ) throws(ConfigurationError) -> [Layer] {
        let count = count(items)
        guard count <= limit else {
            throw ConfigurationError(key: "layers", "\(count) layers are more than the \(limit) there can be")
        }
        var layers: [Layer] = []
        for (index, item) in items.enumerated() { layers.append(try layer(item, at: place(index))) }
        return layers
    }

    /// Layers in a list, those within others counted, too.
    private static func count(_ items: [OptionValue]) -> Int {
        items.reduce(0) { sum, item in
            guard case .table(let settings) = item else { return sum + 1 }
            return settings.values.reduce(sum + 1) { sum, setting in
                if case .list(let inner) = setting { sum + count(inner) } else { sum }
            }
        }
    }

    private static func layer(_ item: OptionValue, at place: LayerPlace) throws(ConfigurationError) -> Layer {
        func fault(_ sentence: String, of word: String? = nil) -> ConfigurationError {
            let title = word.map { "layer \(place.number) (\($0))" } ?? "layer \(place.number)"
            return ConfigurationError(key: place.key, "\(title): \(sentence)")
        }
        var (word, settings) = try parts(of: item, fault: { fault($0) })
        guard let description = descriptions.first(where: { $0.name == word }) else {
            throw fault(unknown("layer", word, known: descriptions.map(\.name)))
        }
        let value = description.options.first { $0.name == word }
        switch (value, settings[word] ?? .null) {
        case (let value?, .null):
            throw fault("it lacks its value, \(value.meaning); write \(sample(value))", of: word)
        case (nil, .null): settings[word] = nil
        case (nil, let given): throw fault("it has no value, and \(excerpt(given.written)) is given", of: word)
        default: break
        }
        do throws(ConfigurationError) {
            let options = Options(settings)
            return try forms.make(word, options).make(LayerSettings(place: place, options: options))
        } catch {
            // What is wrong with a layer within this one has its place already.
            if let key = error.key, key.hasPrefix(place.key) || key == "layers" { throw error }
            let isUnknown = error.key.map { key in !description.options.contains { $0.name == key } } ?? true
            throw fault(isUnknown ? error.message : error.description, of: word)
        }
    }

    /// The word of a layer, and its settings with the word's own value among them.
    private static func parts(
        of item: OptionValue, fault: (String) -> ConfigurationError
    ) throws(ConfigurationError) -> (String, [String: OptionValue]) {
        switch item {
        case .text(let word): return (word, [:])
        case .table(let settings):
            let words = descriptions.map(\.name).filter { settings[$0] != nil }
            if words.count > 1 {
                throw fault("it is \(words[0]) and \(words[1]) in one; write each layer as an item of its own")
            }
            if let word = words.first { return (word, settings) }
            let known = Set(descriptions.flatMap { $0.options.map(\.name) })
            guard let word = settings.keys.filter({ !known.contains($0) }).min() else { break }
            return (word, settings)
        default: break
        }
        throw fault("a word such as relu or a table such as {dense: 10} is expected, not \(excerpt(item.written))")
    }

    private static func sample(_ value: OptionDescription) -> String {
        "{\(value.name): \(value.defaultValue == .list([]) ? "[...]" : value.defaultValue.written)}"
    }
}
