import CDeflate

/// Pixels to a PNG file (ISO/IEC 15948), of grey values or of red, green and blue.
enum PNG {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The file of one or three planes, each row after row; nil where there is no memory left.
    static func encoded(_ planes: [UInt8], _ shape: ImageShape) -> [UInt8]? {
        precondition(
            (shape.channels == 1 || shape.channels == 3) && planes.count == shape.count,
            "\(planes.count) values are no grey or coloured picture of \(shape)")
        var rows: [UInt8] = []
        rows.reserveCapacity(shape.count + shape.height)
        for row in 0..<shape.height {
            // Each row begins with the filter that it went through: none.
            rows.append(0)
            for column in 0..<shape.width {
                for channel in 0..<shape.channels {
                    rows.append(planes[channel * shape.planeCount + row * shape.width + column])
                }
            }
        }
        guard let packed = packed(rows) else { return nil }
        // Eight bits each; deflate, no filter of another kind, rows in their order.
        let header = bytes(shape.width) + bytes(shape.height) + [8, shape.channels == 1 ? 0 : 2, 0, 0, 0]
        return signature + chunk("IHDR", header) + chunk("IDAT", packed) + chunk("IEND", [])
    }

    private static func packed(_ bytes: [UInt8]) -> [UInt8]? {
        guard let compressor = libdeflate_alloc_compressor(6) else { return nil }
        defer { libdeflate_free_compressor(compressor) }
        var packed = [UInt8](repeating: 0, count: libdeflate_zlib_compress_bound(compressor, bytes.count))
        let count = libdeflate_zlib_compress(compressor, bytes, bytes.count, &packed, packed.count)
        return count > 0 ? Array(packed.prefix(count)) : nil
    }

    /// A part of the file: how long it is, what it is, its content, and a checksum of the latter two.
    private static func chunk(_ kind: String, _ content: [UInt8]) -> [UInt8] {
        let checked = Array(kind.utf8) + content
        return bytes(content.count) + checked + bytes(Int(libdeflate_crc32(0, checked, checked.count)))
    }

    /// Four bytes, the highest first.
    private static func bytes(_ number: Int) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
