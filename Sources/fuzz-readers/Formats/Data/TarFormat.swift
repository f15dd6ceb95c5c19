/// A tar archive: of folders of classes, or a shard of WebDataset.
struct TarFormat: FileFormat {
    static let name = "tar"
    static let mostBytes = 8192
    static let kind = Mutator.Kind.bytes

    private let pictures: PictureFolder
    private let path: String

    init(in folder: String) throws {
        path = "\(folder)/pictures.tar"
        pictures = PictureFolder(path)
    }

    func read(_ bytes: [UInt8]) throws {
        try write(Self.sealed(bytes), to: path)
        try pictures.read()
    }

    /// The archive with the right sums in its headers, without which nothing behind a changed one would be read.
    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        var sealed = bytes
        var place = 0
        while place + 512 <= bytes.count {
            let header = bytes[place..<(place + 512)]
            // Zeros end an archive.
            guard header.contains(where: { $0 != 0 }) else { break }
            let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
            let digits = String(sum, radix: 8)
            let field = String(repeating: "0", count: 6 - digits.count) + digits + "\u{0} "
            sealed.replaceSubrange((place + 148)..<(place + 156), with: Array(field.utf8))
            let size = String(decoding: header[(place + 124)..<(place + 135)], as: UTF8.self)
            place += 512 + (Int(size, radix: 8).map { ($0 + 511) / 512 * 512 } ?? 0)
            guard place >= 0 else { break }
        }
        return sealed
    }
}
