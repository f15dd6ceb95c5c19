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
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw DataError(.missing, path, "cannot be opened (\(reason(errno)))", remedy: remedy)
        }
        defer { _ = close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw DataError(.missing, path, "cannot be examined (\(reason(errno)))", remedy: remedy)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DataError(.missing, path, "is not a file", remedy: remedy)
        }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw DataError(.malformed, path, "has \(size) bytes, of at most \(limit)", remedy: remedy)
        }
        var failure: Int32 = 0
        // The closure writes bytes 0..<filled, from the system alone, and reports just these as initialised.
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size {
                let count = read(descriptor, buffer.baseAddress! + filled, size - filled)
                // A signal (a window's change of size, say) is no error.
                if count < 0, errno == EINTR { continue }
                if count < 0 { failure = errno }
                guard count > 0 else { return }
                filled += count
            }
        }
        guard failure == 0 else {
            throw DataError(.missing, path, "cannot be read (\(reason(failure)))", remedy: remedy)
        }
        guard bytes.count == size else {
            throw DataError(
                .malformed, path, "ended after \(bytes.count) of \(size) bytes while it was read", remedy: remedy)
        }
        return bytes
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code)).lowercased()
    }
}
