#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files read as a whole.
enum WholeFile {
    /// No data file and no unpacked data may be larger: a header or a size that says so is not believed.
    static let limit = 1 << 30

    /// The bytes of a regular file.
    ///
    /// Throws `missing` where it is absent, unreadable or no file, `malformed` where it is larger than the limit.
    static func bytes(of path: String, remedy: String) throws(DataError) -> [UInt8] {
        let file = try DataFile(path, remedy: remedy)
        return try file.bytes(at: [0..<file.byteCount])
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }
}
