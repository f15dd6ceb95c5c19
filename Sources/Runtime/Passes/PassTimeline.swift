import Gossip

/// What a peer computed when, for the timeline of reports: the first spans of the run, up to a limit.
///
/// What comes later is passed over. The first 400 show how a pipeline fills, and how it goes on when it is filled;
/// in a world of very many peers each keeps fewer.
public struct PassTimeline: Sendable, Codable {
    private let limit: Int
    private var count = 0
    /// The passes that have gone to the stage behind.
    private var turned: Set<Pass> = []
    /// Spans that nobody has fetched yet.
    private var untold: [PassSpan] = []

    private static let spansOfPeer = 400
    private static let spansOfRun = 40_000

    // Spans are written before a run is saved.
    private enum CodingKeys: CodingKey {
        case limit, count, turned
    }

    /// Nothing yet, of one of so many peers.
    public init(peers: Int) { limit = min(Self.spansOfPeer, Self.spansOfRun / max(1, peers)) }

    /// Notes what was computed when a peer had made so many steps. A pass that only asked for what it begins with has
    /// computed nothing.
    public mutating func note(_ report: PassReport, isBeginning: Bool, begin: Double, end: Double, step: UInt64) {
        guard count < limit else {
            turned = []
            return
        }
        if isBeginning { turned.remove(report.pass) }
        let isBackward = turned.contains(report.pass)
        switch report.stop {
        case .next: turned.insert(report.pass)
        case nil: turned.remove(report.pass)
        case .previous where report.parts.isEmpty: return
        case .previous, .gather, .scatter: break
        }
        count += 1
        untold.append(PassSpan(pass: report.pass, isBackward: isBackward, begin: begin, end: end, step: step))
    }

    /// The spans since the last time.
    public mutating func take() -> [PassSpan] {
        defer { untold = [] }
        return untold
    }

    /// Throws for counts that no timeline has.
    package func check() throws(StateError) {
        guard (0...Self.spansOfPeer).contains(limit), (0...limit).contains(count) else {
            throw StateError("'timeline' has \(count) spans of \(limit)")
        }
    }
}
