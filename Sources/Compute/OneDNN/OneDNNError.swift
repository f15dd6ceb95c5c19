/// oneDNN refused to plan something.
public struct OneDNNError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was to be made or done.
    public let operation: String
    /// oneDNN's status code (`dnnl_status_t`).
    public let status: Int32

    public var description: String {
        "oneDNN cannot make \(operation): \(Self.words[status] ?? "status \(status)")"
    }

    private static let words: [Int32: String] = [
        1: "out of memory", 2: "invalid arguments", 3: "it has no code for this shape on this processor",
        4: "iterator ends", 5: "runtime error", 6: "not required",
    ]

    /// Throws unless the status is success.
    static func check(_ status: Int32, _ operation: @autoclosure () -> String) throws(OneDNNError) {
        if status != 0 {
            throw OneDNNError(operation: operation(), status: status)
        }
    }
}
