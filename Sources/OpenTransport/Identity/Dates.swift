import Foundation

/// A time in seconds since 1970 as people read it, in UTC: `2026-12-01T09:30:00Z`.
public func date(_ seconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
}
