package import Configuration

/// The objectives of those who check the mathematics: peer i's is `curvature |x - b_i|^2 / 2`, its minimum known, its
/// gradient exact but for noise that is asked for.
package struct Quadratic: Sendable, Hashable {
    /// The peers' minima b_i, a row each.
    package let targets: [[Float]]
    /// Where the peers start, a row each; nil where the file does not say.
    package let starts: [[Float]]?
    package let curvature: Float
    /// Standard deviation of the noise on each number of a gradient.
    package let noise: Float

    package static let name = "quadratic"

    private static let targetsOption = Option.optionalRows(
        "targets", "The minimum of each peer's objective, a row each")
    private static let startOption = Option.optionalRows(
        "start", orOneRow: true, "Where the peers start: one row for all, or one for each; null: at 0")
    private static let curvatureOption = Option.number(
        "curvature", default: 1, in: 0 ... .greatestFiniteMagnitude,
        "Second derivative of every objective; 0 gives a random walk")
    private static let noiseOption = Option.number(
        "noise", default: 0, in: 0 ... .greatestFiniteMagnitude,
        "Standard deviation of the noise on each number of a gradient")

    package static let description = Description(
        name: name, summary: "no network: peer i minimises |x - b_i|^2 / 2, to check the mathematics",
        options: [
            targetsOption.description, startOption.description, curvatureOption.description, noiseOption.description,
        ])

    /// Throws when there is not a target for each of the peers, or rows do not have the same length.
    package init(_ options: Options, peers: Int) throws(ConfigurationError) {
        try options.refuseUnknown(besides: Self.description.options)
        guard let targets = try options.value(Self.targetsOption), let first = targets.first, !first.isEmpty else {
            throw ConfigurationError(
                key: "targets", "the quadratic needs a target for each peer, such as [[1], [2], [4], [9]]")
        }
        guard targets.count == peers else {
            throw ConfigurationError(
                key: "targets",
                "there are \(targets.count) targets and \(peers) peers; give one row for each peer, "
                    + "or leave peers out")
        }
        self.targets = try Self.rows(targets, count: first.count, key: "targets")
        if let start = try options.value(Self.startOption) {
            guard start.count == 1 || start.count == peers else {
                throw ConfigurationError(
                    key: "start", "there are \(start.count) rows and \(peers) peers; give one for all or one for each")
            }
            let rows = try Self.rows(start, count: first.count, key: "start")
            starts = rows.count == peers ? rows : [[Float]](repeating: rows[0], count: peers)
        } else {
            starts = nil
        }
        curvature = try Self.single(Self.curvatureOption, options)
        noise = try Self.single(Self.noiseOption, options)
    }

    /// The same with the first so many targets and starts alone.
    package func limited(to count: Int) -> Quadratic { Quadratic(self, to: count) }

    private init(_ other: Quadratic, to count: Int) {
        targets = Array(other.targets.prefix(count))
        starts = other.starts.map { Array($0.prefix(count)) }
        (curvature, noise) = (other.curvature, other.noise)
    }

    /// How many peers the options speak of; nil where they do not say.
    package static func peers(in options: Options) -> Int? {
        guard case .list(let rows)? = options.values[targetsOption.description.name], !rows.isEmpty else { return nil }
        return rows.count
    }

    /// Numbers in a model.
    package var count: Int { targets[0].count }

    /// A peer's objective at a point.
    package func objective(of peer: Int, at point: Span<Float>) -> Double {
        var sum = 0.0
        for index in point.indices {
            let distance = Double(point[index]) - Double(targets[peer][index])
            sum += distance * distance
        }
        return Double(curvature) * sum / 2
    }

    /// The mean of all peers' objectives at a point: what they minimise together.
    package func objective(at point: Span<Float>) -> Double {
        targets.indices.map { objective(of: $0, at: point) }.reduce(0, +) / Double(targets.count)
    }

    private static func single(_ option: Option<Double>, _ options: Options) throws(ConfigurationError) -> Float {
        let value = Float(try options.value(option))
        guard value.isFinite else {
            throw ConfigurationError(key: option.description.name, "must be finite in single precision")
        }
        return value
    }

    private static func rows(_ rows: [[Double]], count: Int, key: String) throws(ConfigurationError) -> [[Float]] {
        for (index, row) in rows.enumerated() {
            guard row.count == count else {
                throw ConfigurationError(
                    key: key, "row \(index) has \(row.count) numbers, and the first target has \(count)")
            }
            guard row.allSatisfy({ Float($0).isFinite }) else {
                throw ConfigurationError(key: key, "row \(index) holds a number that is not finite in single precision")
            }
        }
        return rows.map { $0.map { Float($0) } }
    }
}
