internal import Configuration

/// What an experiment file says of one layer.
struct LayerSettings {
    let place: LayerPlace
    let options: Options

    /// Under which the layer's parameters go.
    var name: String { place.number }

    /// What is given for a setting, or its default.
    func value<Value>(_ option: Option<Value>) throws(ConfigurationError) -> Value { try options.value(option) }

    /// The layers of a branch within this layer.
    func branch(_ name: String, _ option: Option<[OptionValue]>) throws(ConfigurationError) -> [Layer] {
        try LayerList.layers(options.value(option)) { place.within(name, $0) }
    }
}
