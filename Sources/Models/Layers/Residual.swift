public import Configuration

/// The sum of what two branches make of the same input (He et al., 2016); a branch without layers passes it on. The
/// parameters of the body come before those of the shortcut.
public struct Residual: LayerKind {
    /// The branch that does most of the work.
    public let body: [Layer]
    /// The other branch; mostly without layers, or with what changes the shape as the body does.
    public let shortcut: [Layer]

    public func outputShape(_ inference: inout ShapeInference) throws(ConfigurationError) -> [Int] {
        let end = try inference.branch(body)
        let other = try inference.branch(shortcut)
        try inference.require(other == end, "a residual block adds shape \(other) to shape \(end)")
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
