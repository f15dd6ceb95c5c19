internal import Configuration

/// A model that can be chosen: its description and how its layers follow from the options and the number of classes.
struct Model: Sendable {
    let description: Description
    /// (channels, height, width) of the images that it was made for.
    var images = [1, 28, 28]
    /// Whether the user has written the layers, and so can be told which of them does not fit.
    var isWritten = false
    let layers: @Sendable (Options, _ classes: Int) throws(ConfigurationError) -> [Layer]
}
