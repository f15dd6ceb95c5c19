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
        /// Unpacks the first member into so much room.
        func member(_ packed: ArraySlice<UInt8>, room: Int) -> (result: libdeflate_result, [UInt8], consumed: Int) {
            var (result, consumed): (libdeflate_result?, Int) = (nil, 0)
            // libdeflate says how many bytes it wrote, at most `room`; without success none count as initialised.
            let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
                result = packed.withContiguousStorageIfAvailable {
                    libdeflate_gzip_decompress_ex(
                        decompressor, $0.baseAddress, $0.count, buffer.baseAddress, room, &consumed, &filled)
                }
                if result != LIBDEFLATE_SUCCESS { filled = 0 }
            }
            return (result ?? LIBDEFLATE_BAD_DATA, bytes, consumed)
        }

        var (bytes, rest): ([UInt8], ArraySlice<UInt8>) = ([], packed[...])
        var room = firstRoom(rest, limit: limit)
        repeat {
            // Deflate cannot pack tighter than 1032 to 1: nothing beyond that is allocated.
            let most = min(limit - bytes.count, rest.count * 1032)
            let (result, unpacked, consumed) = member(rest, room: min(room, most))
            if result == LIBDEFLATE_SUCCESS {
                if bytes.isEmpty { bytes = unpacked } else { bytes += unpacked }
                rest = rest.dropFirst(consumed)
                // Members are mostly alike.
                room = max(unpacked.count, 1 << 10)
            } else if result == LIBDEFLATE_INSUFFICIENT_SPACE, room < most {
                room = max(2 * room, 1 << 10)
            } else {
                let isFull = result == LIBDEFLATE_INSUFFICIENT_SPACE && most == limit - bytes.count
                return .failure(isFull ? .tooLarge : .damaged)
            }
        } while begins(rest)
        // Tapes and some file systems fill up with zeros.
        guard rest.allSatisfy({ $0 == 0 }) else { return .failure(.trailing(bytes: rest.count)) }
        return .success(bytes)
    }

    /// What the last four bytes promise, which is the whole length of a file of one member, unless they lie.
    private static func firstRoom(_ packed: ArraySlice<UInt8>, limit: Int) -> Int {
        let promised = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return promised <= min(limit, packed.count * 1032) ? promised : min(limit, 4 * packed.count)
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
            case .tooLarge:
                "unpacks to more than \(WholeFile.limit) bytes, and what is larger is read only where it lies unpacked"
            case .noMemory: "cannot be unpacked: there is no memory left"
            }
        }
    }
}
