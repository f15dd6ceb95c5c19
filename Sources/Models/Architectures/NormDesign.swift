internal import Configuration

/// What stands in a network where its paper has batch-norm.
struct NormDesign {
    enum Kind: String, CaseIterable, Sendable {
        case batch
        case group
        case evoNormS0 = "evonorm-s0"
    }

    static let groups = Option<Int>.integer(
        "groups", default: 8, in: 1...1024, "groups of channels, for norm: group and evonorm-s0"
    ).idle(unless: "norm", is: Kind.group, Kind.evoNormS0)

    let kind: Kind
    let groups: Int

    /// `width` divides the channels wherever the network has a norm.
    init(_ kind: Kind, _ options: Options, width: Int) throws(ConfigurationError) {
        self.kind = kind
        groups = try options.value(Self.groups)
        if kind != .batch, width % groups != 0 {
            throw ConfigurationError(
                key: "groups", "\(groups) groups do not divide the \(width) filters of the first stage")
        }
    }

    /// The norm with ReLU behind it; EvoNorm has an activation of its own.
    func activated(_ name: String) -> [Layer] {
        kind == .evoNormS0 ? [.evoNorm(name: name, groups: groups)] : [plain(name), .relu]
    }

    /// The norm alone.
    func plain(_ name: String, scale: Float = 1) -> Layer {
        switch kind {
        case .batch: .batchNorm(name: name, initialScale: scale)
        case .group: .groupNorm(name: name, groups: groups, initialScale: scale)
        case .evoNormS0: .evoNorm(name: name, groups: groups, isActivated: false, initialScale: scale)
        }
    }
}
