/// What is wrong with a line of `metrics.jsonl`, as a clause.
package struct MetricsError: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    package static func type(of key: String) -> MetricsError { MetricsError("'\(key)' has a value of another type") }
}
