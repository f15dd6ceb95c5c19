internal import Configuration

/// How a kind of layer is made from what an experiment file says of it. Each kind declares in its own file under which
/// word it goes, and which settings it has; the one of the word itself is the value that stands behind the word.
struct LayerForm: Sendable {
    let make: @Sendable (LayerSettings) throws(ConfigurationError) -> Layer

    typealias Entry = RegistryEntry<LayerForm>
}
