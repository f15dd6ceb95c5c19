package import Foundation

/// The few calls by which files are read and written for certain: what is no regular file is neither read nor replaced,
/// no link is followed to be written to, and a file is whole or not there.
package enum DurableFiles {
    /// Writes all bytes to an open file. Returns 0 or the system's error code.
    package static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
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
        try writeAtomically(Array(text.utf8), to: path)
    }

    /// Writes a file such that there is either the whole of it or none. Throws where `checkReplaceable` does.
    package static func writeAtomically(_ bytes: [UInt8], to path: String) throws(OutputError) {
        try checkReplaceable(path)
        let (draft, descriptor) = try makeDraft(of: path)
        var code = writeAll(bytes, to: descriptor)
        if code == 0, fsync(descriptor) != 0 { code = errno }
        if close(descriptor) != 0, code == 0 { code = errno }
        if code == 0, rename(draft, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(draft)
            throw OutputError(path, errno: code)
        }
        try synchronize(folder: parent(of: path))
    }

    /// Throws where something lies at a path that a file must not replace: a folder, a device, a pipe, a link.
    package static func checkReplaceable(_ path: String) throws(OutputError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        let what: String
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: what = "is a folder; name a file"
        case S_IFLNK: what = "is a link; name the file that it leads to, or remove it"
        default: what = "is a device, a pipe or a socket, which is never replaced; name a regular file"
        }
        throw OutputError(path, what)
    }

    /// A new empty file beside the path, under a name that nobody can have put there before.
    private static func makeDraft(of path: String) throws(OutputError) -> (path: String, descriptor: Int32) {
        while true {
            let draft = "\(parent(of: path))/.\(UUID().uuidString).tmp"
            let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
            if descriptor >= 0 { return (draft, descriptor) }
            guard errno == EEXIST else { throw OutputError(path, errno: errno) }
        }
    }

    /// Why a file was not read.
    package enum ReadFailure: Error, Hashable, CustomStringConvertible {
        case missing
        /// What the system said.
        case unreadable(String)
        case noRegularFile
        case tooLong(bytes: Int, limit: Int)

        package var description: String {
            switch self {
            case .missing: "is not there"
            case .unreadable(let reason): "cannot be read (\(reason))"
            case .noRegularFile: "is no regular file"
            case .tooLong(let bytes, let limit): "has \(bytes) bytes, and \(limit) are the most that it may have"
            }
        }
    }

    /// How long a regular file is, links followed.
    package static func length(of path: String) throws(ReadFailure) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(OutputError.reason(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .noRegularFile }
        return Int(status.st_size)
    }

    /// The content of a regular file, whose length is looked at before anything is read. A long one is mapped, so that
    /// only what is looked at takes up memory.
    package static func content(of path: String, atMost limit: Int) throws(ReadFailure) -> Data {
        let bytes = try length(of: path)
        guard bytes <= limit else { throw .tooLong(bytes: bytes, limit: limit) }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path), options: bytes > 1 << 20 ? .alwaysMapped : [])
        } catch {
            throw .unreadable((error as NSError).localizedDescription)
        }
    }

    /// Makes the names in a folder outlive a power failure.
    package static func synchronize(folder: String) throws(OutputError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OutputError(folder, errno: errno) }
        defer { close(descriptor) }
        // Some file systems have nothing to synchronize for a folder and say EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw OutputError(folder, errno: errno) }
    }

    /// The folder in which a file or folder lies.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path.
    package static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    package enum Kind { case nothing, folder, other }

    /// What lies at a path, links followed.
    package static func kind(of path: String) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else { return .nothing }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
    }

    /// Whether something lies at a path, be it a link that leads to nothing.
    package static func isTaken(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The names in a folder; none where it cannot be read.
    package static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// Where a path leads, all links followed, from the root; nil where nothing lies there.
    package static func resolved(_ path: String) -> String? {
        // Foundation leaves paths that begin with /private or the like alone; the system has the truth.
        guard let place = realpath(path, nil) else { return nil }
        defer { free(place) }
        return String(cString: place)
    }

    /// Whether a file system begins at a folder, which the system lets nobody rename. - Parameter path: resolved.
    package static func isMountPoint(_ path: String) -> Bool {
        let table = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        return table.split(separator: "\n").contains { line in
            let fields = line.split(separator: " ")
            return fields.count > 4 && unescaped(fields[4]) == path
        }
    }

    /// A path of the table of mounts, in which spaces and the like are three octal digits behind a backslash.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = field.utf8[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(3), as: UTF8.self)
            if byte == UInt8(ascii: "\\"), digits.count == 3, let code = UInt8(digits, radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
