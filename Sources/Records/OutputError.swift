#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Something that cannot be written where the user wants it: the exit code is that of an output that cannot be made.
public struct OutputError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file or folder that cannot be written.
    public let path: String
    /// What is wrong and what would be right.
    public let message: String

    /// An error whose description is `path`, a colon and `message`.
    public init(_ path: String, _ message: String) {
        self.path = path
        self.message = message
    }

    /// What the system said about `path`.
    package init(_ path: String, errno code: Int32) {
        switch code {
        case ENOSPC, EDQUOT:
            self.init(
                path, "the disk is full; what was written until then is kept; make room, or choose another --output")
        case EACCES, EPERM, EROFS:
            self.init(path, "may not be written (\(Self.reason(code))); choose another folder with --output")
        default:
            self.init(path, "cannot be written (\(Self.reason(code))); choose another folder with --output")
        }
    }

    public var description: String { "\(path): \(message)" }

    package static func reason(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
