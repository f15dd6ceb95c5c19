public import Configuration
internal import Vectors

/// How a network is cut into stages: runs of its layers, one behind the other.
public struct StageCut: Sendable, Hashable {
    /// The layers of each stage, by their places in the network's own list.
    public let stages: [Range<Int>]

    /// The stages as the user writes them: the numbers of the layers of each. Throws unless every layer has its stage,
    /// in order, and every stage something to learn.
    public init(_ lists: [[Int]], of network: Network) throws(ConfigurationError) {
        try self.init(lists, of: network.layers.map(\.title), in: "model \(network.name)")
        for (number, stage) in stages.enumerated() where !network.layers[stage].contains(where: \.hasParameters) {
            throw ConfigurationError(
                key: "stages[\(number)]",
                "stage \(number) has nothing to learn, for \(network.layers[stage.lowerBound].title) and what follows "
                    + "in it have no parameters; join it with the stage before")
        }
    }

    /// The stages of anything that goes from one to the next, by its titles; `model` is what they are of.
    public init(_ lists: [[Int]], of titles: [String], in model: String) throws(ConfigurationError) {
        var stages: [Range<Int>] = []
        for (number, list) in lists.enumerated() {
            let (key, start) = ("stages[\(number)]", stages.last?.upperBound ?? 0)
            guard !list.isEmpty else {
                throw ConfigurationError(key: key, "stage \(number) has no layer; give it one, or leave it out")
            }
            for (found, wanted) in zip(list, start...) where found != wanted {
                guard titles.indices.contains(wanted) else {
                    throw ConfigurationError(
                        key: key,
                        "\(model) has no layer behind \(titles[titles.count - 1]), and stage \(number) asks for layer "
                            + "\(found)")
                }
                throw ConfigurationError(
                    key: key,
                    "stage \(number) goes on with layer \(found) where \(titles[wanted]) comes next; stages are runs "
                        + "of layers that follow each other")
            }
            guard start + list.count <= titles.count else {
                throw ConfigurationError(key: key, "\(model) has no layer behind \(titles[titles.count - 1])")
            }
            stages.append(start..<(start + list.count))
        }
        let end = stages.last?.upperBound ?? 0
        guard end == titles.count else {
            throw ConfigurationError(
                key: "stages", "\(titles[end]) of \(model) has no stage; give every layer one")
        }
        self.stages = stages
    }

    /// So many stages of which the longest takes as little time as can be in training. Each begins with a layer that
    /// has parameters, but for what comes before the first of these.
    ///
    /// Time is counted and not measured, so that everybody on every machine comes to the same cut: multiplications, and
    /// for each parameter as many more as fit into what a pass does with it whatever its rows (to lay it out for the
    /// kernels, to write its gradient, to update it).
    ///
    /// - Parameter rows: samples that a peer computes in a pass; nil: so many that parameters do not count.
    public init(balanced network: Network, stages count: Int, rows: Int? = nil) throws(ConfigurationError) {
        let layers = network.layers
        let learned = layers.indices.filter { layers[$0].hasParameters }
        guard count <= learned.count else {
            throw ConfigurationError(
                key: "stages",
                "\(count) stages are more than the \(learned.count) layers of model \(network.name) that have "
                    + "parameters, the last of them \(layers[learned[learned.count - 1]].title); take at most "
                    + "\(learned.count)")
        }
        precondition(count > 0, "a network cannot be cut into \(count) stages")
        let starts = [0] + learned.dropFirst() + [layers.count]
        // The first weights need no gradient of their input.
        let first = layers.flatMap(\.all).first { $0.multiplicationsPerSample > 0 }?.number
        let costs = (0..<learned.count).map { unit in
            layers[starts[unit]..<starts[unit + 1]].flatMap(\.all).reduce(0.0) { sum, layer in
                let passes = layer.number == first ? 2.0 : 3.0
                return sum + passes * layer.multiplicationsPerSample + layer.multiplicationsPerPass
                    / Double(rows ?? .max)
            }
        }
        stages = Self.runs(costs, count: count).map { starts[$0.lowerBound]..<starts[$0.upperBound] }
    }

    /// The runs of units, so many, of which the costliest costs as little as can be; the first of equals.
    private static func runs(_ costs: [Double], count: Int) -> [Range<Int>] {
        let sums = costs.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1) }
        // By how many units are cut into the runs so far: what the costliest costs, and where the last one begins.
        var worst = sums
        var choices: [[Int]] = []
        for _ in 1..<count {
            var next = [Double](repeating: .infinity, count: sums.count)
            var begins = [Int](repeating: 0, count: sums.count)
            for end in 1..<sums.count {
                for begin in 1..<end {
                    let cost = max(worst[begin], sums[end] - sums[begin])
                    if cost < next[end] { (next[end], begins[end]) = (cost, begin) }
                }
            }
            worst = next
            choices.append(begins)
        }
        var runs: [Range<Int>] = []
        var end = costs.count
        for begins in choices.reversed() {
            runs.append(begins[end]..<end)
            end = begins[end]
        }
        return [0..<end] + runs.reversed()
    }
}

extension PlacedLayer {
    /// What is done with the layer's parameters in every pass, as multiplications that take as long: found with
    /// resnet18's stages on a Xeon (Sapphire Rapids), whose convolutions of 3 x 3 transform their weights.
    fileprivate var multiplicationsPerPass: Double {
        let perWeight = outputShape.count > 1 ? 1000.0 : 400
        return perWeight * parameters.filter(\.isWeight).reduce(0) { $0 + Double($1.count) }
    }

    fileprivate var hasParameters: Bool { all.contains { !$0.parameters.isEmpty } }
}
