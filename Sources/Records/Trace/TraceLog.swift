import Synchronization

/// Lines of a trace on their way to its file: whoever is traced puts them in, from any thread and without waiting for a
/// disk, and whoever keeps the records takes them out.
public final class TraceLog: Sendable {
    private let text = Mutex("")

    /// What waits to be taken takes up no more than this: lines beyond are lost.
    private static let limit = 64 << 20

    /// Nothing yet.
    public init() {}

    /// Adds events.
    package func append(_ lines: String) {
        text.withLock { text in
            if text.utf8.count < Self.limit { text += lines }
        }
    }

    /// The lines since the last time.
    public func take() -> String {
        text.withLock { text in
            defer { text = "" }
            return text
        }
    }
}
