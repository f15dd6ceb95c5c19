/// How a peer makes one vector of its own and of those that have come, where it does not believe all it hears: with the
/// rule's numbers. The weighted mean is none of these; it is a combination as any other.
public enum AggregationRule: Hashable, Sendable, Codable {
    /// Differences from the own vector are shortened.
    case clipped(ClippingRadius)
    /// In each coordinate so many of the greatest and least numbers are left out.
    case trimmedMean(byzantine: Int)
    /// In each coordinate the number in the middle.
    case median
    /// The point nearest to all, after so many steps; no distance counts as less than `smoothing`.
    case geometricMedian(steps: Int, smoothing: Double)
    /// Those to whom others are near: the mean of so many; nil: of all but the byzantine.
    case krum(byzantine: Int, best: Int?)
    /// Differences from what the rule gave in the round before are shortened.
    case centredClipping(ClippingRadius)
    /// The nearest such share that do no worse than the own vector, which keeps the share `own`.
    case ubar(near: Double, own: Double)

    /// Whether what it gave in the round before is needed in the next one.
    var hasMemory: Bool { if case .centredClipping = self { true } else { false } }
}

/// How long a difference may be before it is shortened.
public enum ClippingRadius: Hashable, Sendable, Codable {
    /// As long as is said.
    case fixed(Double)
    /// As long as the farthest that is left when the most distant ones, of this share of the weight, are passed over.
    case practical(byzantineShare: Double)
}

extension AggregationRule {
    var line: String {
        switch self {
        case .clipped(let radius): "clipped \(radius.line)"
        case .trimmedMean(let byzantine): "trimmed mean b=\(byzantine)"
        case .median: "median"
        case .geometricMedian: "geometric median"
        case .krum(let byzantine, let best): "krum b=\(byzantine)" + (best.map { " q=\($0)" } ?? "")
        case .centredClipping(let radius): "centred clipping \(radius.line)"
        case .ubar: "ubar"
        }
    }
}

extension ClippingRadius {
    var line: String {
        switch self {
        case .fixed(let radius): "at \(radius)"
        case .practical(let share): "by \(share)"
        }
    }
}
