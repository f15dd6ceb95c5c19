import Foundation

/// A time in seconds since 1970 as people read it, in UTC: `2026-12-01T09:30:00Z`.
public func date(_ seconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
}

/// The moment that such a text names; nil where it is none.
func seconds(ofDate text: String) -> Int64? {
    (try? Date(text, strategy: .iso8601)).map { Int64($0.timeIntervalSince1970) }
}
