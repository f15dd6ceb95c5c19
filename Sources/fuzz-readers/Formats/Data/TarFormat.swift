import Datasets
import Training

/// Tar archives: shards of WebDataset, and folders of classes.
struct TarFormat: FuzzFormat {
    static let name = "tar"

    private var files: FileSet

    init(in folder: String) throws {
        files = FileSet(in: folder)
        for part in ["train", "test"] {
            let samples = (0..<3).flatMap { index in
                Self.member("\(part)/class/\(index).png", SmallFiles.png)
                    + Self.member("\(part)/class/\(index).cls", [UInt8(48 + index)])
            }
            try files.add("\(part).tar", samples + [UInt8](repeating: 0, count: 1024), .bytes)
        }
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        try readPictures(files.folder)
    }

    /// A header of ustar with its sum, and a file behind it.
    private static func member(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) {
            header.replaceSubrange(place..<(place + text.utf8.count), with: text.utf8)
        }
        func octal(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(name, at: 0)
        put(octal(bytes.count, 11), at: 124)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        put("        ", at: 148)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0}", at: 148)
        return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }
}
