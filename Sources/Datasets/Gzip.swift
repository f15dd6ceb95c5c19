import CDeflate

/// Gzip files (RFC 1952) of one member or several, zeros behind them or none, unpacked as a whole by libdeflate, which
/// checks length and CRC-32 of each.
enum Gzip {
    static func isGzip(_ bytes: [UInt8]) -> Bool { begins(bytes[...]) }

    private static func begins(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

    /// The unpacked bytes of all members, or what is wrong with the packed ones.
    static func unpack(_ packed: [UInt8], limit: Int = WholeFile.limit) -> Result<[UInt8], Problem> {
        guard let decompressor = libdeflate_alloc_decompressor() else { return .failure(.noMemory) }
        defer { libdeflate_free_decompressor(decompressor) }
        var (bytes, rest): ([UInt8], ArraySlice<UInt8>) = ([], packed[...])
        repeat {
            switch member(rest, limit: limit - bytes.count, decompressor) {
            case .success(let (unpacked, consumed)):
                if bytes.isEmpty { bytes = unpacked } else { bytes += unpacked }
                rest = rest.dropFirst(consumed)
            case .failure(let problem): return .failure(problem)
            }
        } while begins(rest)
        // Tapes and some file systems fill up with zeros.
        guard rest.allSatisfy({ $0 == 0 }) else { return .failure(.trailing(bytes: rest.count)) }
        return .success(bytes)
    }

    /// The bytes of the first member and how many packed ones it takes.
    private static func member(
        _ packed: ArraySlice<UInt8>, limit: Int, _ decompressor: OpaquePointer
    ) -> Result<([UInt8], consumed: Int), Problem> {
        // Where this member is the last one, the last four bytes tell its length, unless they lie. Deflate cannot pack
        // tighter than 1032 to 1, so nothing beyond that is allocated.
        let most = min(limit, packed.count * 1032)
        let promised = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        var room = promised <= most ? promised : min(most, 4 * packed.count)
        while true {
            var (result, consumed) = (LIBDEFLATE_BAD_DATA, 0)
            // libdeflate writes `filled` bytes at most `room` and says so; without success none count as initialised.
            let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
                result = packed.withUnsafeBytes {
                    libdeflate_gzip_decompress_ex(
                        decompressor, $0.baseAddress, $0.count, buffer.baseAddress, room, &consumed, &filled)
                }
                if result != LIBDEFLATE_SUCCESS { filled = 0 }
            }
            if result == LIBDEFLATE_SUCCESS { return .success((bytes, consumed)) }
            guard result == LIBDEFLATE_INSUFFICIENT_SPACE else { return .failure(.damaged) }
            guard room < most else { return .failure(most == limit ? .tooLarge : .damaged) }
            room = min(most, max(2 * room, 1 << 16))
        }
    }

    enum Problem: Error, Equatable, CustomStringConvertible {
        case damaged
        case trailing(bytes: Int)
        case tooLarge
        case noMemory

        var description: String {
            switch self {
            case .damaged: "is truncated or damaged: it does not unpack to the length and checksum it was packed with"
            case .trailing(let bytes): "has \(bytes) bytes behind its end that are no gzip"
            case .tooLarge: "unpacks to more than \(WholeFile.limit) bytes"
            case .noMemory: "cannot be unpacked: there is no memory left"
            }
        }
    }
}
