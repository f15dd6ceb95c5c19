internal import Configuration

/// The options of residual networks, with the defaults of one of them.
struct ResidualOptions: Sendable {
    /// What a residual network normalises over.
    enum Norm: String, CaseIterable, Sendable {
        case batch
        case group
    }

    let width: Option<Int>
    let depth: Option<Int>
    static let norm = Option<Norm>.choice(
        "norm", default: .batch, "what activations are normalised over: the batch, or groups of channels of an image")
    static let groups = Option<Int>.integer("groups", default: 8, in: 1...1024, "groups of channels, for norm: group")
    static let zeroGamma = Option<Bool>.boolean(
        "zero_gamma", default: false,
        "start the last norm of each block at scale 0, so that the block passes its input on")

    init(width: Int, depth: Int) {
        self.width = .integer(
            "width", default: width, in: 1...1024, "filters of the first stage; each further one doubles")
        self.depth = .integer("depth", default: depth, in: 1...100, "blocks of each stage")
    }

    var descriptions: [OptionDescription] {
        [
            width.description, depth.description, Self.norm.description, Self.groups.description,
            Self.zeroGamma.description,
        ]
    }
}
