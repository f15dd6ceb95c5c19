import Glibc

/// Small files of keys and certificates: whole or not there, and keys for their owner's eyes alone.
enum SecretFile {
    /// Who may read a file that is written.
    enum Access: mode_t {
        /// Its owner alone: a private key.
        case owner = 0o600
        /// Everybody: what is shown to strangers anyway.
        case everybody = 0o644
    }

    static let mostBytes = 2 << 20

    /// The text of a file; nil where nothing lies there. Throws where it cannot be read, is no regular file, or, of a
    /// key, where others than its owner may read or change it.
    static func text(of path: String, _ access: Access) throws(IdentityError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw unreadable(path, errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= mostBytes else {
            throw IdentityError(
                .malformed, path, "is no file of a key or certificate", remedy: "move it away, or name another one")
        }
        if access == .owner { try checkSecret(path, status) }
        var bytes: [UInt8] = []
        while bytes.count <= mostBytes {
            var part = [UInt8](repeating: 0, count: 65_536)
            let count = read(descriptor, &part, part.count)
            if count == 0 { break }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw unreadable(path, errno)
            }
            bytes += part.prefix(count)
        }
        // What is no text is no PEM file either, and is refused as such by whoever reads it.
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func checkSecret(_ path: String, _ status: stat) throws(IdentityError) {
        guard status.st_uid == geteuid() else {
            throw IdentityError(
                .unfit, path, "holds a private key and belongs to somebody else",
                remedy: "run `chown` on it if the key is yours, or name another key")
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw IdentityError(
                .unfit, path, "holds a private key and others may use it (mode \(mode))",
                remedy: "run `chmod 600 \(path)`, and make another key if somebody may have read it")
        }
    }

    private static func unreadable(_ path: String, _ code: Int32) -> IdentityError {
        IdentityError(.missing, path, "cannot be read (\(reason(code)))", remedy: "give yourself the right to read it")
    }

    /// Writes a file, such that there is either the whole of it or none. - Parameter replaces: whether it takes the
    /// place of one that is there; else that is an error.
    static func write(_ text: String, to path: String, _ access: Access, replaces: Bool) throws(IdentityError) {
        let draft = "\(path).new-\(getpid())"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, access.rawValue)
        guard descriptor >= 0 else { throw unwritable(path, errno) }
        var code = fchmod(descriptor, access.rawValue) == 0 ? writeAll(Array(text.utf8), to: descriptor) : errno
        if code == 0, fsync(descriptor) != 0 { code = errno }
        if close(descriptor) != 0, code == 0 { code = errno }
        if code == 0 {
            // A link fails where something has the name already; a renaming takes its place.
            if (replaces ? rename(draft, path) : link(draft, path)) != 0 { code = errno }
        }
        unlink(draft)
        guard code == 0 else { throw unwritable(path, code) }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, Array(rest), rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = rest.dropFirst(count)
        }
        return 0
    }

    /// Makes a folder that its owner alone may enter, and those above it; one that is there stays as it is.
    static func makeFolder(_ path: String) throws(IdentityError) {
        var place = ""
        for part in path.split(separator: "/") {
            place += path.hasPrefix("/") || !place.isEmpty ? "/\(part)" : "\(part)"
            if mkdir(place, 0o700) != 0, errno != EEXIST { throw unwritable(place, errno) }
        }
    }

    static func unwritable(_ path: String, _ code: Int32) -> IdentityError {
        let remedy =
            code == ENOSPC || code == EDQUOT
            ? "make room on its disk"
            : "give yourself the right to write there, or set XDG_CONFIG_HOME to another folder"
        return IdentityError(.unwritable, path, "cannot be written (\(reason(code)))", remedy: remedy)
    }

    private static func reason(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
