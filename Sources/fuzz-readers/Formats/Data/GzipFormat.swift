import CDeflate

/// Images of the MNIST family, packed.
struct GzipFormat: FileFormat {
    static let name = "gzip"
    static let mostBytes = 512
    static let kind = Mutator.Kind.bytes

    private let images: DataFolder

    init(in folder: String) throws {
        images = try DataFolder(of: "mnist", in: folder, IDXFiles.all.filter { $0.key != IDXFiles.trainImages })
    }

    func read(_ bytes: [UInt8]) throws { try images.read(Self.sealed(bytes), as: IDXFiles.trainImages + ".gz") }

    /// The file with the checksum and the length that its last bytes ought to say (RFC 1952), where its first member
    /// has no name or comment and can be unpacked: what is changed would else never be read to the end.
    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 18, bytes[3] == 0, let decompressor = libdeflate_alloc_decompressor() else { return bytes }
        defer { libdeflate_free_decompressor(decompressor) }
        let body = Array(bytes[10...])
        var unpacked = [UInt8](repeating: 0, count: 1 << 14)
        var (packedCount, count) = (0, 0)
        let result = libdeflate_deflate_decompress_ex(
            decompressor, body, body.count, &unpacked, unpacked.count, &packedCount, &count)
        let end = 10 + packedCount
        guard result == LIBDEFLATE_SUCCESS, end + 8 <= bytes.count else { return bytes }
        let words = [libdeflate_crc32(0, unpacked, count), UInt32(count)]
        return bytes[..<end] + words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
            + bytes[(end + 8)...]
    }
}
