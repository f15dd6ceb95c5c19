import CDeflate

/// Gzip files (RFC 1952) of one member, unpacked as a whole by libdeflate, which checks length and CRC-32.
enum Gzip {
    static func isGzip(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x1f, 0x8b])
    }

    /// The unpacked bytes, or what is wrong with the packed ones.
    static func unpack(_ packed: [UInt8], limit: Int = WholeFile.limit) -> Result<[UInt8], Problem> {
        // The least member: a header of 10 bytes, an empty block of 2, and a trailer of 8.
        guard packed.count >= 20 else { return .failure(.damaged) }
        // The trailer's last four bytes tell the unpacked length, and may lie. Deflate cannot pack tighter than 1032
        // to 1, so a length beyond that is a lie for certain and nothing is allocated for it.
        let promised = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard promised / 1032 <= packed.count else { return .failure(.damaged) }
        guard promised <= limit else { return .failure(.tooLarge(bytes: promised)) }

        guard let decompressor = libdeflate_alloc_decompressor() else { return .failure(.noMemory) }
        defer { libdeflate_free_decompressor(decompressor) }
        var result = LIBDEFLATE_BAD_DATA
        var consumed = 0
        // libdeflate writes at most `promised` bytes and on success exactly these; otherwise none count as initialised.
        let bytes = [UInt8](unsafeUninitializedCapacity: promised) { buffer, filled in
            result = libdeflate_gzip_decompress_ex(
                decompressor, packed, packed.count, buffer.baseAddress, promised, &consumed, nil)
            filled = result == LIBDEFLATE_SUCCESS ? promised : 0
        }
        guard result == LIBDEFLATE_SUCCESS else { return .failure(.damaged) }
        guard consumed == packed.count else { return .failure(.trailing(bytes: packed.count - consumed)) }
        return .success(bytes)
    }

    enum Problem: Error, Equatable, CustomStringConvertible {
        case damaged
        case trailing(bytes: Int)
        case tooLarge(bytes: Int)
        case noMemory

        var description: String {
            switch self {
            case .damaged: "is truncated or damaged: it does not unpack to the length and checksum it was packed with"
            case .trailing(let bytes): "has \(bytes) bytes behind its end"
            case .tooLarge(let bytes): "promises \(bytes) unpacked bytes, of at most \(WholeFile.limit)"
            case .noMemory: "cannot be unpacked: there is no memory left"
            }
        }
    }
}
