public import Configuration
internal import Vectors

/// Follows the shape of one sample through the layers and collects their parameters on the way.
public struct ShapeInference {
    /// The shape before the layer at hand: (channels, height, width), or flat.
    public private(set) var shape: [Int]
    private(set) var layout = VectorLayout()
    private(set) var statistics = VectorLayout()
    private let model: String
    /// The layer at hand.
    private var current: (place: LayerPlace, kind: any LayerKind)?
    /// What the layer at hand has declared so far.
    private var declared = Declarations()

    private struct Declarations {
        var parameters: [VectorLayout.Entry] = []
        var statistics: [VectorLayout.Entry] = []
        var branches: [[PlacedLayer]] = []
    }

    /// More numbers than any memory holds, and few enough that no product of some of them leaves the integers.
    private static let parameterLimit = 1 << 44

    init(model: String, shape: [Int]) {
        self.model = model
        self.shape = shape
    }

    /// The layers one behind the other, from the present shape on.
    mutating func place(
        _ layers: [Layer], at place: (Int) -> LayerPlace = LayerPlace.init
    ) throws(ConfigurationError) -> [PlacedLayer] {
        var placed: [PlacedLayer] = []
        for (index, layer) in layers.enumerated() { placed.append(try self.place(layer.kind, at: place(index))) }
        return placed
    }

    private mutating func place(_ kind: any LayerKind, at place: LayerPlace) throws(ConfigurationError) -> PlacedLayer {
        let (outer, around, input) = (declared, current, shape)
        declared = Declarations()
        current = (place, kind)
        defer { (declared, current) = (outer, around) }
        shape = try kind.outputShape(&self)
        return PlacedLayer(
            number: place.number, kind: kind, inputShape: input, outputShape: shape, parameters: declared.parameters,
            statistics: declared.statistics, branches: declared.branches)
    }

    /// Follows a branch within the layer at hand, from the shape before that layer; gives the shape at its end.
    public mutating func branch(_ name: String, _ layers: [Layer]) throws(ConfigurationError) -> [Int] {
        let (start, place) = (shape, current?.place)
        defer { shape = start }
        declared.branches.append(try self.place(layers) { place?.within(name, $0) ?? LayerPlace($0) })
        return shape
    }

    /// Declares a weight and, with `bias`, a bias of the layer of that name.
    public mutating func addParameters(_ name: String, weight: [Int], bias: [Int]?) throws(ConfigurationError) {
        try require(layout["\(name).weight"] == nil, "two layers are named \(name)")
        let count = Double(layout.count) + Self.product(weight) + (bias.map(Self.product) ?? 0)
        try require(
            count <= Double(Self.parameterLimit),
            "up to layer \(name) there are \(count) parameters, which take \(count * 4e-9) GB; there can be "
                + "\(Self.parameterLimit)")
        declared.parameters.append(layout.append("\(name).weight", shape: weight))
        if let bias {
            declared.parameters.append(layout.append("\(name).bias", shape: bias))
        }
    }

    /// Declares a parameter beside weight and bias of the layer at hand, no longer than these, under its whole name.
    public mutating func addParameter(_ name: String, shape: [Int]) {
        declared.parameters.append(layout.append(name, shape: shape))
    }

    private static func product(_ shape: [Int]) -> Double { shape.reduce(1.0) { $0 * Double($1) } }

    /// Declares numbers that the layer of that name keeps beside its parameters, such as a running mean.
    public mutating func addStatistic(_ name: String, shape: [Int]) {
        declared.statistics.append(statistics.append(name, shape: shape))
    }

    /// Height and width after sliding the window over the image; `what` names the layer in complaints.
    public func slide(_ window: KernelWindow, what: String) throws(ConfigurationError) -> [Int] {
        try require(shape.count == 3, "\(what) needs images; put it before whatever makes them flat")
        try require(
            window.kernel > 0 && window.stride > 0 && window.padding >= 0,
            "\(what) has an impossible window: kernel \(window.kernel), stride \(window.stride), "
                + "padding \(window.padding)")
        try require(
            2 * window.padding <= window.kernel,
            "\(what) has padding \(window.padding), more than half of its kernel \(window.kernel); the most is "
                + "\(window.kernel / 2)")
        let pixels = [window.count(along: shape[1]), window.count(along: shape[2])]
        try require(
            pixels[0] > 0 && pixels[1] > 0,
            "\(what) has a window of \(window.kernel) x \(window.kernel), and the image that reaches it is only "
                + "\(shape[1]) x \(shape[2]); take a smaller kernel, or smaller strides before it")
        return pixels
    }

    /// Throws the sentence, which says what does not fit and what would, unless the condition holds.
    public func require(_ holds: Bool, _ sentence: @autoclosure () -> String) throws(ConfigurationError) {
        guard !holds else { return }
        guard let current else { preconditionFailure("no layer is at hand, and \(sentence())") }
        // Layers of a list are named by their number.
        let (place, name) = (current.place, current.kind.name.map { " \($0)" } ?? "")
        throw ConfigurationError(
            key: place.key,
            "model \(model) does not fit: layer \(place.number) "
                + "(\(current.kind.word)\(name == " \(place.number)" ? "" : name)) is given shape \(shape): "
                + sentence()
        )
    }
}
