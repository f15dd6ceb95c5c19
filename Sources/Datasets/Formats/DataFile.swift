#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A regular file, open for reading any part of it by whatever thread, for as long as it is kept.
final class DataFile: Sendable {
    /// How long it was when it was opened.
    let byteCount: Int
    let path: String
    private let remedy: String
    private let descriptor: Int32

    /// Throws `missing` where the file is absent, unreadable or no file, `malformed` where it is larger than the limit.
    init(_ path: String, limit: Int = WholeFile.limit, remedy: String) throws(DataError) {
        self.path = path
        self.remedy = remedy
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw DataError(.missing, path, "cannot be opened (\(Self.reason(errno)))", remedy: remedy)
        }
        do {
            byteCount = try Self.byteCount(descriptor, path, limit: limit, remedy: remedy)
        } catch {
            _ = close(descriptor)
            throw error
        }
    }

    deinit { _ = close(descriptor) }

    private static func byteCount(
        _ descriptor: Int32, _ path: String, limit: Int, remedy: String
    ) throws(DataError) -> Int {
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
        return size
    }

    /// The bytes at these places, one range behind the other. Nothing else is read.
    func bytes(at ranges: [Range<Int>]) throws(DataError) -> [UInt8] {
        let wanted = ranges.reduce(0) { $0 + $1.count }
        var failure: Int32 = 0
        // The closure writes bytes 0..<filled, from the system alone, and reports just these as initialised.
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            for range in ranges {
                var place = range.lowerBound
                while place < range.upperBound {
                    let count = pread(
                        descriptor, buffer.baseAddress! + filled, range.upperBound - place, off_t(place))
                    // A signal (a window's change of size, say) is no error.
                    if count < 0, errno == EINTR { continue }
                    if count < 0 { failure = errno }
                    guard count > 0 else { return }
                    filled += count
                    place += count
                }
            }
        }
        guard failure == 0 else {
            throw DataError(.missing, path, "cannot be read (\(Self.reason(failure)))", remedy: remedy)
        }
        guard bytes.count == wanted else {
            throw DataError(
                .malformed, path, "ended after \(bytes.count) of \(wanted) bytes while it was read", remedy: remedy)
        }
        return bytes
    }

    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code)).lowercased()
    }
}
