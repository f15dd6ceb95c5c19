#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The few calls by which records reach the disk for certain.
package enum Disk {
    /// Writes all bytes to an open file. Returns 0 or the system's error code.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = write(descriptor, Array(rest), rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = rest.dropFirst(written)
        }
        return 0
    }

    /// Writes a file such that there is either the whole of it or none: under another name, to the disk, then renamed.
    package static func writeAtomically(_ text: String, to path: String) throws(OutputError) {
        let draft = path + ".tmp"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputError(path, errno: errno) }
        var code = writeAll(Array(text.utf8), to: descriptor)
        if code == 0, fsync(descriptor) != 0 { code = errno }
        if close(descriptor) != 0, code == 0 { code = errno }
        if code == 0, rename(draft, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(draft)
            throw OutputError(path, errno: code)
        }
        try synchronize(folder: parent(of: path))
    }

    /// Makes the names in a folder outlive a power failure.
    static func synchronize(folder: String) throws(OutputError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OutputError(folder, errno: errno) }
        defer { close(descriptor) }
        // Some file systems have nothing to synchronize for a folder and say EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw OutputError(folder, errno: errno) }
    }

    /// The folder in which a file or folder lies.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path.
    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    package enum Kind { case nothing, folder, other }

    /// What lies at a path, links followed.
    package static func kind(of path: String) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else { return .nothing }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
    }
}
