internal import Configuration

/// The options of residual networks, with the defaults of one of them.
struct ResidualOptions: Sendable {
    let width: Option<Int>
    /// None where the stages have blocks by a list.
    let depth: Option<Int>?
    static let norm = Option<NormDesign.Kind>.choice(
        "norm", default: .batch,
        "what activations are normalised over: the batch, or groups of channels of an image, by GroupNorm or EvoNorm-S0"
    )
    static let zeroGamma = Option<Bool>.boolean(
        "zero_gamma", default: false,
        "start the last norm of each block at scale 0, so that the block passes its input on")

    init(width: Int, depth: Option<Int>? = nil) {
        self.width = .integer(
            "width", default: width, in: 1...1024, "filters of the first stage; each further one doubles")
        self.depth = depth
    }

    var descriptions: [OptionDescription] {
        [width.description] + (depth.map { [$0.description] } ?? []) + [
            Self.norm.description, NormDesign.groups.description, Self.zeroGamma.description,
        ]
    }
}
