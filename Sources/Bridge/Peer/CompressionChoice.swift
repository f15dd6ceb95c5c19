import Compression
import Configuration
import Gossip
import Graphs
import Runtime
import Vectors

/// What makes few bytes of the vectors that an algorithm sends, as a caller chose it: the keys of `compression` in
/// experiment files.
struct CompressionChoice {
    private static let feedback = "error_feedback"
    private static let rate = "rate"

    private let compressor: Compressor
    private let hasFeedback: Bool?
    private let rate: Double?

    /// Throws for a compressor that nobody knows, and for its options.
    init(_ choice: PeerSettings.Choice) throws(ConfigurationError) {
        var options = choice.options
        let feedback = options.values.removeValue(forKey: Self.feedback)
        rate = options.values.removeValue(forKey: Self.rate)?.asNumber
        if case .boolean(let flag)? = feedback { hasFeedback = flag } else { hasFeedback = nil }
        compressor = try inSection("compression") { () throws(ConfigurationError) in
            try Compressors.make(choice.name, options)
        }
    }

    /// The links of a run, and how far mixing goes over them; nil where they do not compress. Throws where the
    /// algorithm or the graph does not bear it.
    func links(
        under algorithm: (name: String, options: Options), _ graph: Graph, _ layout: VectorLayout,
        hasCommonStart: Bool, seed: UInt64
    ) throws(ConfigurationError) -> (links: LinkSettings, rate: Double?)? {
        try LinkSettings.chosen(
            compressor, algorithm: algorithm, graph: graph, hasFeedback: hasFeedback, rate: rate,
            layout: CompressionLayout(layout), hasCommonStart: hasCommonStart, seed: seed)
    }
}
