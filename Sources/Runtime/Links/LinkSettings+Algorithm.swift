public import Compression
public import Configuration
import Gossip
public import Graphs

extension LinkSettings {
    /// How the links of a run under this algorithm compress, and how far mixing goes over them, nil where messages
    /// bring what they say at once; nothing where they do not compress.
    ///
    /// Throws where the algorithm does not bear it, with keys of the sections `compression` and `topology`.
    ///
    /// - Parameters:
    ///   - hasFeedback: Whether messages hold what the vector has more than the replica; nil for what suits.
    ///   - rate: The share of the way that mixing goes in a round; nil for the compressor's own.
    public static func chosen(
        _ compressor: Compressor, algorithm: (name: String, options: Options), graph: Graph, hasFeedback: Bool?,
        rate: Double?, layout: CompressionLayout, hasCommonStart: Bool, seed: UInt64
    ) throws(ConfigurationError) -> (links: LinkSettings, rate: Double?)? {
        guard !compressor.isIdentity else { return nil }
        let use = Algorithms.traits(algorithm.name, options: algorithm.options).compression
        let hasFeedback = hasFeedback ?? (use != .alone)
        try check(use, of: algorithm.name, compressor, hasFeedback: hasFeedback)
        if use != .alone {
            try refuseJudgement(algorithm.options)
            do {
                try MixingMatrix(graph).require(.symmetric, by: "compression")
            } catch {
                throw error.within("topology")
            }
        }
        let links = LinkSettings(
            compressor, layout: layout, hasFeedback: hasFeedback, keepsReplicas: use != .alone,
            hasCommonStart: hasCommonStart, seed: seed)
        return (links, use == .alone ? nil : rate ?? compressor.consensusRate)
    }

    /// Neighbours are judged by the models that they send, and what comes of a difference is none until later ones.
    private static func refuseJudgement(_ options: Options) throws(ConfigurationError) {
        if let key = Algorithms.judgement(options) {
            throw ConfigurationError(
                key: "compression.name",
                "algorithm.\(key) judges neighbours by the models that they send, and compressed ones come late and in "
                    + "pieces; set compression.name=none, or leave algorithm.\(key) out")
        }
    }

    private static func check(
        _ use: CompressionUse, of name: String, _ compressor: Compressor, hasFeedback: Bool
    ) throws(ConfigurationError) {
        let bearers = Algorithms.all.map(\.name).filter { Algorithms.traits($0).compression != .none }
        switch use {
        case .none:
            throw ConfigurationError(
                key: "compression.name",
                "\(name) needs every number that is sent as it is; set compression.name=none, or choose an algorithm "
                    + "that bears compressed messages: " + bearers.joined(separator: ", "))
        case .alone where hasFeedback:
            throw ConfigurationError(
                key: "compression.error_feedback",
                "\(name) does not say the same to the same peers in every round, so that nobody can keep a replica; "
                    + "leave it out, or choose an algorithm that mixes over the graph, such as dpsgd")
        case .replicasOnly where !hasFeedback:
            throw ConfigurationError(
                key: "compression.error_feedback", "\(name) is gossip of differences from replicas; leave it true")
        case .alone, .replicas, .replicasOnly: break
        }
        guard !hasFeedback, !compressor.isFaithful else { return }
        let remedy =
            use == .alone
            ? "choose a compressor that keeps all of them, such as int8"
            : "set compression.error_feedback=true, which brings later what a message leaves out"
        throw ConfigurationError(
            key: "compression.name",
            "\(compressor.name) keeps a part of what a vector says, and a model of which the rest is missing is none; "
                + remedy)
    }
}
