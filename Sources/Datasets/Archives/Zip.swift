import CDeflate

/// The files within a zip archive (PKWARE's APPNOTE), stored or deflated, as its directory at the end lists them: what
/// a .npz file is.
enum Zip {
    /// A file within an archive.
    struct Member {
        let name: String
        /// Where its own header begins.
        let header: Int
        let isDeflated: Bool
        let packedCount: Int
        let count: Int
        let checksum: UInt32
    }

    private static let endBytes = 22
    private static let entryBytes = 46
    private static let headerBytes = 30

    /// The files of an archive. Throws `malformed` where it has no whole directory.
    static func members(of store: ByteStore) throws(DataError) -> [Member] {
        // A comment of up to 65535 bytes may stand at the end.
        let tailStart = max(0, store.count - endBytes - 65535)
        let tail = try store.bytes(at: tailStart..<store.count)
        let last = tail.count - endBytes
        guard last >= 0, let end = (0...last).last(where: { word(tail, $0) == 0x0605_4b50 }) else {
            throw store.malformed("is no zip archive, or ends early: there is no directory at its end")
        }
        let (size, start) = (word(tail, end + 12), word(tail, end + 16))
        guard start + size <= tailStart + end else {
            throw store.malformed("has a damaged directory, or one of the 64-bit form, which is not read")
        }
        let directory = try store.bytes(at: start..<(start + size))
        var members: [Member] = []
        var place = 0
        while place + entryBytes <= directory.count, word(directory, place) == 0x0201_4b50 {
            let (nameCount, rest) = (
                half(directory, place + 28), half(directory, place + 30) + half(directory, place + 32)
            )
            let (name, method) = (place + entryBytes, half(directory, place + 10))
            guard name + nameCount + rest <= directory.count else { break }
            guard method == 0 || method == 8, half(directory, place + 8) & 1 == 0 else {
                throw store.malformed("holds a file that is encrypted or packed by the method \(method)")
            }
            members.append(
                Member(
                    name: String(decoding: directory[name..<(name + nameCount)], as: UTF8.self),
                    header: word(directory, place + 42), isDeflated: method == 8,
                    packedCount: word(directory, place + 20), count: word(directory, place + 24),
                    checksum: UInt32(word(directory, place + 16))))
            place = name + nameCount + rest
        }
        guard place == directory.count else { throw store.malformed("has a damaged directory at its end") }
        return members
    }

    /// The bytes of a file as they stand in the archive: their place where they are stored, else themselves, unpacked.
    static func open(_ member: Member, in store: ByteStore) throws(DataError) -> (store: ByteStore, range: Range<Int>) {
        guard member.header + headerBytes <= store.count else { throw damaged(member, store) }
        let header = try store.bytes(at: member.header..<(member.header + headerBytes))
        let start = member.header + headerBytes + half(header, 26) + half(header, 28)
        let end = start + member.packedCount
        guard word(header, 0) == 0x0403_4b50, end <= store.count else { throw damaged(member, store) }
        guard member.isDeflated else {
            guard member.count == member.packedCount else { throw damaged(member, store) }
            return (store, start..<end)
        }
        guard member.count <= WholeFile.limit, member.count <= 1032 * member.packedCount + 1032 else {
            throw store.malformed(
                "holds \(member.name), of \(member.count) bytes out of \(member.packedCount), which cannot be")
        }
        let packed = try store.bytes(at: start..<end)
        guard let bytes = unpacked(packed, count: member.count),
            libdeflate_crc32(0, bytes, bytes.count) == member.checksum
        else { throw damaged(member, store) }
        return (ByteStore(bytes, path: "\(store.path), \(member.name)", remedy: store.remedy), 0..<bytes.count)
    }

    private static func damaged(_ member: Member, _ store: ByteStore) -> DataError {
        store.malformed("holds \(member.name), which is truncated or damaged")
    }

    private static func unpacked(_ packed: [UInt8], count: Int) -> [UInt8]? {
        guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
        defer { libdeflate_free_decompressor(decompressor) }
        var isWhole = false
        // libdeflate writes exactly `count` bytes, or none count as initialised.
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let result = libdeflate_deflate_decompress(
                decompressor, packed, packed.count, buffer.baseAddress, count, nil)
            isWhole = result == LIBDEFLATE_SUCCESS
            filled = isWhole ? count : 0
        }
        return isWhole ? bytes : nil
    }

    private static func half(_ bytes: [UInt8], _ place: Int) -> Int { Int(bytes[place]) | Int(bytes[place + 1]) << 8 }

    private static func word(_ bytes: [UInt8], _ place: Int) -> Int {
        half(bytes, place) | half(bytes, place + 2) << 16
    }
}
