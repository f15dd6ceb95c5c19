import Graphs

/// What a peer knows of one neighbour.
struct NeighbourRecord: Sendable, Hashable, Codable {
    /// One for each aspect, in the settings' order.
    private var aspects: [AspectRecord]
    /// The first round in which the edge is tried again, where it rests.
    private(set) var restsUntil: UInt64 = 0
    /// How often it has rested.
    private(set) var rests: UInt64 = 0
    /// The round in which it was first laid to rest.
    private(set) var firstRest: UInt64?

    init(_ settings: TrustSettings) { aspects = settings.aspects.map { _ in AspectRecord() } }

    /// Takes note of what was seen; an aspect of which nothing was stays as it is.
    mutating func record(_ outcomes: [Bool?], _ settings: TrustSettings) {
        for (index, outcome) in zip(aspects.indices, outcomes) where outcome != nil {
            aspects[index].record(outcome, window: settings.window)
        }
    }

    /// So many rounds have passed in which nothing was looked at.
    mutating func fade(_ rounds: UInt64, _ settings: TrustSettings) {
        for index in aspects.indices {
            for _ in 0..<min(rounds, UInt64(settings.window)) {
                aspects[index].record(nil, window: settings.window)
            }
        }
    }

    func isResting(_ round: UInt64) -> Bool { round < restsUntil }

    /// Lays the edge to rest from that round on.
    mutating func rest(from round: UInt64, _ settings: TrustSettings) {
        firstRest = firstRest ?? round
        restsUntil = round + settings.rest << min(rests, 6)
        rests += 1
    }

    /// The estimate from what was seen alone, the least of its aspects', and how much was seen in that one.
    func estimate(_ settings: TrustSettings) -> (value: Double, count: Double) {
        var least = (value: 1.0, count: 0.0)
        for aspect in aspects {
            let (good, bad) = aspect.counts(forgetting: settings.forgetting)
            let value = (good + 1) / (good + bad + 2)
            if value < least.value { least = (value, good + bad) }
        }
        return least
    }
}
