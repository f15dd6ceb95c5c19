import Glibc

/// A time in seconds since 1970 as people read it, in UTC: `2026-12-01T09:30:00Z`.
public func date(_ seconds: Int64) -> String {
    var (moment, parts) = (time_t(seconds), tm())
    guard gmtime_r(&moment, &parts) != nil else { return "second \(seconds)" }
    return [
        (digits(Int64(parts.tm_year) + 1900, 4), "-"), (digits(Int64(parts.tm_mon) + 1, 2), "-"),
        (digits(Int64(parts.tm_mday), 2), "T"), (digits(Int64(parts.tm_hour), 2), ":"),
        (digits(Int64(parts.tm_min), 2), ":"), (digits(Int64(parts.tm_sec), 2), "Z"),
    ].map { $0 + $1 }.joined()
}

private func digits(_ number: Int64, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
}

/// The moment that such a text names; nil where it is none.
func seconds(ofDate text: String) -> Int64? {
    let numbers = text.split { "-T:Z".contains($0) }.compactMap { Int32($0) }
    guard numbers.count == 6 else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] &- 1900, numbers[1] &- 1, numbers[2])
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
    let seconds = Int64(timegm(&parts))
    // A day that is none, such as February 30, becomes another one.
    return date(seconds) == text ? seconds : nil
}
