internal import Configuration

/// All numbers of a sample in one row, in the order channels, height, width.
public struct Flatten: LayerKind {
    public var word: String { "flatten" }

    public func outputShape(_ inference: inout ShapeInference) -> [Int] { [inference.shape.reduce(1, *)] }
}

extension Layer {
    /// All numbers of a sample in one row, in the order channels, height, width.
    public static let flatten = Layer(Flatten())
}

extension Flatten {
    static let form = LayerForm.Entry(
        "flatten", "all numbers of a sample in one row", make: LayerForm { _ in .flatten })
}
