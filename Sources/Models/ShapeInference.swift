internal import Configuration
internal import Vectors

/// Follows the shape of one sample through the layers and collects the parameters on the way.
struct ShapeInference {
    let model: String
    var shape: [Int]
    var layout = VectorLayout()
    /// The running mean and variance of each batch-norm.
    var statistics = VectorLayout()

    /// More numbers than any memory holds, and few enough that no product of some of them leaves the integers.
    private static let parameterLimit = 1 << 44

    init(model: String, shape: [Int]) {
        self.model = model
        self.shape = shape
    }

    mutating func apply(_ layer: Layer) throws(ConfigurationError) {
        switch layer {
        case .convolution(let name, let filters, let window, let bias):
            let channels = shape.first ?? 0
            let pixels = try slide(window, what: "convolution \(name)")
            try require(filters > 0, "convolution \(name) has \(filters) filters; it needs at least 1")
            try add(name, weight: [filters, channels, window.kernel, window.kernel], bias: bias ? filters : nil)
            shape = [filters] + pixels
        case .dense(let name, let outputs, let bias):
            try require(shape.count == 1, "dense layer \(name) needs a flat input, and it is given shape \(shape)")
            try require(outputs > 0, "dense layer \(name) has \(outputs) outputs; it needs at least 1")
            try add(name, weight: [outputs, shape[0]], bias: bias ? outputs : nil)
            shape = [outputs]
        case .batchNorm(let name, _):
            try norm(name)
            statistics.append("\(name).running_mean", shape: [shape[0]])
            statistics.append("\(name).running_var", shape: [shape[0]])
        case .groupNorm(let name, let groups, _):
            try require(
                groups > 0 && shape[0] % groups == 0,
                "norm \(name) has \(groups) groups, which do not divide its \(shape[0]) channels")
            try norm(name)
        case .maxPool(let window):
            // The place of the largest number within its window is kept in a byte.
            try require(window.kernel <= 16, "max-pooling has a kernel of \(window.kernel); the largest is 16")
            shape = [shape[0]] + (try slide(window, what: "max-pooling"))
        case .averagePool(let window):
            shape = [shape[0]] + (try slide(window, what: "average pooling"))
        case .globalAveragePool:
            try require(shape.count == 3, "global average pooling needs images, and it is given shape \(shape)")
            shape = [shape[0]]
        case .flatten:
            shape = [shape.reduce(1, *)]
        case .dropout(let probability):
            try require(
                probability >= 0 && probability < 1,
                "a dropout probability of \(probability) is not from 0 up to, but not including, 1")
        case .residual(let body, let shortcut):
            try residual(body, shortcut)
        case .relu, .sigmoid, .tanh:
            break
        }
    }

    /// Both branches begin at the present shape and must end in one.
    private mutating func residual(_ body: [Layer], _ shortcut: [Layer]) throws(ConfigurationError) {
        let start = shape
        for layer in body { try apply(layer) }
        let end = shape
        shape = start
        for layer in shortcut { try apply(layer) }
        try require(shape == end, "a residual block adds shape \(shape) to shape \(end)")
    }

    /// The parameters of a norm: one scale and one shift for each channel.
    private mutating func norm(_ name: String) throws(ConfigurationError) {
        try add(name, weight: [shape[0]], bias: shape[0])
    }

    /// Height and width after sliding the window over the image.
    private func slide(_ window: Window, what: String) throws(ConfigurationError) -> [Int] {
        try require(shape.count == 3, "\(what) needs images, and it is given shape \(shape)")
        try require(
            window.kernel > 0 && window.stride > 0 && window.padding >= 0,
            "\(what) has an impossible window: kernel \(window.kernel), stride \(window.stride), "
                + "padding \(window.padding)")
        try require(
            2 * window.padding <= window.kernel,
            "\(what) has padding \(window.padding), more than half of its kernel \(window.kernel)")
        let pixels = [window.count(along: shape[1]), window.count(along: shape[2])]
        try require(
            pixels[0] > 0 && pixels[1] > 0,
            "\(what) has a window of \(window.kernel) x \(window.kernel), and the image that reaches it is only "
                + "\(shape[1]) x \(shape[2])")
        return pixels
    }

    private mutating func add(_ name: String, weight: [Int], bias: Int?) throws(ConfigurationError) {
        try require(layout["\(name).weight"] == nil, "two layers are named \(name)")
        let count = Double(layout.count) + weight.reduce(1.0) { $0 * Double($1) } + Double(bias ?? 0)
        try require(
            count <= Double(Self.parameterLimit),
            "up to layer \(name) there are \(count) parameters, which take \(count * 4e-9) GB; there can be "
                + "\(Self.parameterLimit)")
        layout.append("\(name).weight", shape: weight)
        if let bias {
            layout.append("\(name).bias", shape: [bias])
        }
    }

    private func require(_ holds: Bool, _ sentence: @autoclosure () -> String) throws(ConfigurationError) {
        if !holds {
            throw ConfigurationError(key: "name", "model \(model) does not fit: \(sentence())")
        }
    }
}
