public import Configuration

/// The sum of what two branches make of the same input (He et al., 2016); a branch without layers passes it on. The
/// parameters of the body come before those of the shortcut.
public struct Residual: LayerKind {
    /// The branch that does most of the work.
    public let body: [Layer]
    /// The other branch; mostly without layers, or with what changes the shape as the body does.
    public let shortcut: [Layer]

    public var word: String { "residual" }

    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        let end = try inference.branch("body", body)
        let other = try inference.branch("shortcut", shortcut)
        try inference.require(
            other == end,
            "a residual block adds shape \(other) to shape \(end); let its shortcut change the shape as its body does")
        return end
    }
}

extension Layer {
    /// The sum of what two branches make of the same input (He et al., 2016); a branch without layers passes it on. The
    /// parameters of the body come before those of the shortcut.
    public static func residual(body: [Layer], shortcut: [Layer]) -> Layer {
        Layer(Residual(body: body, shortcut: shortcut))
    }
}

extension Residual {
    private static let body = Option<[OptionValue]>.list(
        "residual", of: LayerList.itemName, "the layers of its body, a list")
    private static let shortcut = Option<[OptionValue]>.list(
        "shortcut", of: LayerList.itemName, "the layers beside the body; none passes the input on")

    static let form = LayerForm.Entry(
        "residual", "the sum of what two lists of layers make of the same input",
        options: [body.description, shortcut.description],
        make: LayerForm { settings throws(ConfigurationError) in
            .residual(body: try settings.branch("body", body), shortcut: try settings.branch("shortcut", shortcut))
        })
}
