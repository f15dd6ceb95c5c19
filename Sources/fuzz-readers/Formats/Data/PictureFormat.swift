import CDeflate
import Foundation

/// A photo in the folder of its class.
struct PictureFormat: FileFormat {
    static let name = "pictures"
    static let mostBytes = 2048
    static let kind = Mutator.Kind.bytes

    private let pictures: PictureFolder
    private let path: String

    init(in folder: String) throws {
        pictures = PictureFolder(folder)
        path = "\(folder)/train/class/0.jpg"
        // The same picture once more, to be tested on.
        try write([], to: path)
        let other = "\(folder)/test/class/0.jpg"
        try write([], to: other)
        try FileManager.default.removeItem(atPath: other)
        try FileManager.default.linkItem(atPath: path, toPath: other)
    }

    func read(_ bytes: [UInt8]) throws {
        try write(Self.sealed(bytes), to: path)
        try pictures.read()
    }

    /// The file with the right checksums where it is PNG, whose decoder would else not look at what is changed.
    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.first == 0x89 else { return bytes }
        var sealed = bytes
        var place = 8
        while place + 12 <= bytes.count {
            let count = bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
            let end = place + 8 + count
            guard end + 4 <= bytes.count else { break }
            let kindAndData = Array(bytes[(place + 4)..<end])
            let sum = libdeflate_crc32(0, kindAndData, kindAndData.count)
            for index in 0..<4 { sealed[end + index] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * index)) }
            place = end + 4
        }
        return sealed
    }
}
