public import Configuration

/// The compressors by name: one entry here makes one known to experiments, lists and the schema.
public enum Compressors {
    private static let types: [any Codec.Type] = [
        Plain.self, TopK.self, RandomK.self, Sign.self, QSGD.self, BrainFloats.self, HalfFloats.self, Int8.self,
        LowRank.self,
    ]
    private static let registry = Registry("compressor", types.map { RegistryEntry($0.description, make: $0) })

    /// Names, summaries and options, for lists and the schema.
    public static let all: [Description] = registry.descriptions

    /// The compressor of that name. Throws for an unknown name, an unknown key and a value out of range.
    public static func make(_ name: String, _ options: Options) throws(ConfigurationError) -> Compressor {
        Compressor(try registry.make(name, options).init(options), name: name)
    }
}
