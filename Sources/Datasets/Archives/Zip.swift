import CDeflate

/// The files within a zip archive (PKWARE's APPNOTE), stored or deflated, as its directory at the end lists them: what
/// a .npz file is. Those of more than 4 GB, and the directories of such archives, have the 64-bit form.
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
    private static let locatorBytes = 20
    private static let longEndBytes = 56
    /// What stands for a number that has no room in 32 bits.
    private static let largeWord = 0xFFFF_FFFF

    /// The files of an archive. Throws `malformed` where it has no whole directory.
    static func members(of store: ByteStore) throws(DataError) -> [Member] {
        // A comment of up to 65535 bytes may stand at the end.
        let tailStart = max(0, store.count - endBytes - 65535)
        let tail = try store.bytes(at: tailStart..<store.count)
        let last = tail.count - endBytes
        guard last >= 0, let end = (0...last).last(where: { word(tail, $0) == 0x0605_4b50 }) else {
            throw store.malformed("is no zip archive, or ends early: there is no directory at its end")
        }
        let (size, start) = try directory(endingAt: end, of: tail, store)
        guard size >= 0, start >= 0, start <= tailStart + end, size <= tailStart + end - start else {
            throw store.malformed("has a damaged directory at its end")
        }
        let directory = try store.bytes(at: start..<(start + size))
        var members: [Member] = []
        var place = 0
        while place + entryBytes <= directory.count, word(directory, place) == 0x0201_4b50 {
            let (nameCount, extraCount) = (half(directory, place + 28), half(directory, place + 30))
            let (name, method) = (place + entryBytes, half(directory, place + 10))
            let end = name + nameCount + extraCount + half(directory, place + 32)
            guard end <= directory.count else { break }
            guard method == 0 || method == 8, half(directory, place + 8) & 1 == 0 else {
                throw store.malformed("holds a file that is encrypted or packed by the method \(method)")
            }
            var large = largeNumbers(directory[(name + nameCount)..<(name + nameCount + extraCount)])[...]
            // What is too large for its word stands behind the name, in this order.
            let numbers = [24, 20, 42].map { offset in
                let number = word(directory, place + offset)
                return number == largeWord ? large.popFirst() ?? number : number
            }
            members.append(
                Member(
                    name: String(decoding: directory[name..<(name + nameCount)], as: UTF8.self), header: numbers[2],
                    isDeflated: method == 8, packedCount: numbers[1], count: numbers[0],
                    checksum: UInt32(word(directory, place + 16))))
            place = end
        }
        guard place == directory.count else { throw store.malformed("has a damaged directory at its end") }
        return members
    }

    /// Bytes and beginning of the directory, by the record at its end, or by the longer one before that.
    private static func directory(
        endingAt end: Int, of tail: [UInt8], _ store: ByteStore
    ) throws(DataError) -> (size: Int, start: Int) {
        let locator = end - locatorBytes
        guard locator >= 0, word(tail, locator) == 0x0706_4b50 else {
            return (word(tail, end + 12), word(tail, end + 16))
        }
        let start = long(tail[(locator + 8)...])
        guard start >= 0, start <= store.count - longEndBytes else {
            throw store.malformed("has a damaged directory at its end")
        }
        let record = try store.bytes(at: start..<(start + longEndBytes))
        guard word(record, 0) == 0x0606_4b50 else { throw store.malformed("has a damaged directory at its end") }
        return (long(record[40...]), long(record[48...]))
    }

    /// The numbers of 64 bits in the extra fields of an entry.
    private static func largeNumbers(_ extra: ArraySlice<UInt8>) -> [Int] {
        var rest = extra
        while rest.count >= 4 {
            let bytes = Array(rest.prefix(4))
            let field = rest.dropFirst(4).prefix(half(bytes, 2))
            if half(bytes, 0) == 1 {
                return stride(from: field.startIndex, to: field.endIndex - 7, by: 8).map { long(field[$0...]) }
            }
            rest = rest.dropFirst(4 + half(bytes, 2))
        }
        return []
    }

    /// The bytes of a file as they stand in the archive: their place where they are stored, else themselves, unpacked.
    static func open(_ member: Member, in store: ByteStore) throws(DataError) -> (store: ByteStore, range: Range<Int>) {
        // Numbers of 64 bits may be any.
        guard [member.header, member.packedCount, member.count].allSatisfy({ (0..<(1 << 48)).contains($0) }),
            member.header + headerBytes <= store.count
        else { throw damaged(member, store) }
        let header = try store.bytes(at: member.header..<(member.header + headerBytes))
        let start = member.header + headerBytes + half(header, 26) + half(header, 28)
        let end = start + member.packedCount
        guard word(header, 0) == 0x0403_4b50, end <= store.count else { throw damaged(member, store) }
        guard member.isDeflated else {
            guard member.count == member.packedCount else { throw damaged(member, store) }
            return (store, start..<end)
        }
        guard member.count <= WholeFile.limit else {
            throw store.malformed(
                "holds \(member.name), packed, of \(member.count) bytes, and what is packed is read as a whole, of at "
                    + "most \(WholeFile.limit); store it unpacked by numpy.savez")
        }
        guard member.count <= 1032 * member.packedCount + 1032 else {
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

    /// A number of 64 bits at the beginning of these; negative where it is too large.
    private static func long(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(truncatingIfNeeded: bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private static func half(_ bytes: [UInt8], _ place: Int) -> Int { Int(bytes[place]) | Int(bytes[place + 1]) << 8 }

    private static func word(_ bytes: [UInt8], _ place: Int) -> Int {
        half(bytes, place) | half(bytes, place + 2) << 16
    }
}
