import Glibc

/// The system gives no more threads.
package struct ThreadShortage: Error, CustomStringConvertible {
    /// What the system says.
    package let reason: String
    /// Whether it gives so many that it is the number of peers which asks too much of it.
    package private(set) var isOfPeers = false
    package let description: String

    private static let remedy = "allow this user more processes and memory (ulimit -u, the limits of a container)"

    /// One thread was refused, with the system's number of the error.
    init(code: Int32) {
        reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        description = "the system gives this process no thread (\(reason)); \(Self.remedy)"
    }

    /// Some of the threads of all peers of a process were refused.
    package init(peers: Int, made: Int, reason: String) {
        self.reason = reason
        isOfPeers = made >= sysconf(Int32(_SC_NPROCESSORS_ONLN))
        description =
            "the system gives threads for \(made) of \(peers) peers, two each (\(reason)); lower peers, or "
            + Self.remedy
    }
}
