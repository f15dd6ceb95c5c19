/// The files within a tar archive: where each stands, so that it can be read in place.
///
/// Headers are those of ustar (POSIX.1-1988) with the longer names and sizes of pax (POSIX.1-2001) and of GNU tar.
enum Tar {
    /// A file within an archive.
    struct Member: Equatable {
        /// Without `./` before it.
        let name: String
        /// Its bytes within the archive.
        let range: Range<Int>
    }

    /// Bytes of a header, and of what all lengths are rounded up to.
    static let block = 512
    /// Bytes of a name or an extended header, which are read as a whole.
    private static let mostWords = 1 << 20

    /// The regular files of an archive, in its order. Throws `malformed` where a header is damaged, or the archive ends
    /// before its end: within a file, or without the block of zeros that ends one.
    static func members(of store: ByteStore) throws(DataError) -> [Member] {
        try store.reading { (read) throws(DataError) in try members(of: store, read) }
    }

    private static func members(
        of store: ByteStore, _ read: (Range<Int>) throws(DataError) -> [UInt8]
    ) throws(DataError) -> [Member] {
        var members: [Member] = []
        var place = 0
        // What an extended header says of the file behind it.
        var (name, size): (String?, Int?) = (nil, nil)
        while true {
            guard place + block <= store.count else {
                throw store.malformed(
                    "ends early: there is no block of zeros, which ends a tar archive, after \(members.count) files")
            }
            let bytes = try read(place..<(place + block))
            if bytes.allSatisfy({ $0 == 0 }) { return members }
            guard let header = TarHeader(bytes) else {
                throw store.malformed("is no tar archive, or damaged: there is no header at byte \(place)")
            }
            let begin = place + block
            let isFile = header.kind == .file
            let length = isFile ? size ?? header.size : header.size
            guard length <= store.count - begin else {
                throw store.malformed(
                    "ends early: it holds \(store.count - begin) of the \(length) bytes of \(name ?? header.name)")
            }
            let range = begin..<(begin + length)
            switch header.kind {
            case .file:
                members.append(Member(name: trimmed(name ?? header.name), range: range))
                (name, size) = (nil, nil)
            case .longName, .extended:
                guard length <= mostWords else {
                    throw store.malformed("has a header of \(length) bytes at byte \(place), of at most \(mostWords)")
                }
                let words = try read(range)
                if header.kind == .longName {
                    name = String(decoding: words.prefix { $0 != 0 }, as: UTF8.self)
                } else {
                    let extended = TarHeader.extended(words)
                    name = extended["path"] ?? name
                    size = extended["size"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } ?? size
                }
            case .other: (name, size) = (nil, nil)
            case .ignored: break
            }
            // The last file may end where the archive does, which the next look finds out.
            place = begin + (length + block - 1) / block * block
        }
    }

    private static func trimmed(_ name: String) -> String {
        name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    }
}
