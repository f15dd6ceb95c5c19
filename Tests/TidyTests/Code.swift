/// The code of a file with the words of its comments and strings blanked out, so that rules see only what is compiled.
///
/// Every byte keeps its place and every newline stays. Code within an interpolation counts as code. Regex literals are
/// not known; a quote in one would confuse the reading of its file.
struct Code {
    let bytes: [UInt8]

    init(_ file: SourceFile) {
        var reader = Reader(source: Array(file.text.utf8), isSwift: file.isSwift)
        reader.readCode(isInterpolation: false)
        bytes = reader.output
    }

    /// The line, counted from 1, on which a byte stands.
    func line(at index: Int) -> Int {
        bytes[..<index].count { $0 == UInt8(ascii: "\n") } + 1
    }

    /// Where `words` stand in the code, not as a part of a longer name.
    func places(of words: String) -> [Int] {
        let wanted = Array(words.utf8)
        guard let first = wanted.first, let last = wanted.last, wanted.count <= bytes.count else { return [] }
        return (0...(bytes.count - wanted.count)).filter { start in
            guard bytes[start] == first, bytes[start..<(start + wanted.count)].elementsEqual(wanted) else {
                return false
            }
            let end = start + wanted.count
            let opens = start == 0 || !(first.isNamePart && bytes[start - 1].isNamePart)
            let closes = end == bytes.count || !(last.isNamePart && bytes[end].isNamePart)
            return opens && closes
        }
    }

    /// The index behind the bracket that closes the one at `start`, or the end of the code.
    func end(ofBracketAt start: Int) -> Int {
        var depth = 0
        for index in start..<bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: continue
            }
            if depth == 0 { return index + 1 }
        }
        return bytes.count
    }

    /// The last byte before `index` that is no white space.
    func lastVisible(before index: Int) -> UInt8? {
        bytes[..<index].last { !$0.isSpace }
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}

extension UInt8 {
    var isSpace: Bool { self == UInt8(ascii: " ") || (9...13).contains(self) }

    /// A letter, digit, underscore or any part of a character beyond ASCII.
    var isNamePart: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
