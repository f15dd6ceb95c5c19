import Configuration
public import Gossip

/// A stretch of a run: from one moment on, which belongs to it, until another one, which does not.
public struct TimeWindow: Sendable, Hashable {
    /// The first moment that belongs to it, from the beginning of the run.
    public let start: Time
    /// Nil where it never ends.
    public let end: Time?

    /// It must not begin before the run, and must end after it begins.
    public init(from start: Time = .zero, until end: Time? = nil) {
        precondition(start >= .zero, "a window begins \(start.seconds) s into the run")
        if let end { precondition(start < end, "a window from \(start.seconds) s until \(end.seconds) s") }
        self.start = start
        self.end = end
    }

    /// Whether that moment belongs to the window: its start does, its end does not.
    public func contains(_ time: Time) -> Bool { start <= time && isOpen(at: time) }

    /// Whether it ends after that moment, or never.
    func isOpen(at time: Time) -> Bool { end.map { time < $0 } ?? true }

    /// Whether there is a moment in both.
    func overlaps(_ other: TimeWindow) -> Bool { isOpen(at: other.start) && other.isOpen(at: start) }

    /// Whether it overlaps the other one, or ends where the other begins, or the other way round.
    func touches(_ other: TimeWindow) -> Bool { overlaps(other) || end == other.start || other.end == start }

    /// The part before that moment; nil where there is none.
    func cut(at time: Time) -> TimeWindow? {
        guard start < time else { return nil }
        return TimeWindow(from: start, until: min(end ?? time, time))
    }

    /// The window in words: `from 1s to 4s`, or `from 1s on`.
    var words: String { "from \(start.span) " + (end.map { "to \($0.span)" } ?? "on") }
}

extension Time {
    init(_ span: TimeSpan) { self.init(nanoseconds: span.nanoseconds) }

    /// The moment as it is written in a file: the time since the run began.
    var span: TimeSpan { TimeSpan(nanoseconds: nanoseconds) }
}
