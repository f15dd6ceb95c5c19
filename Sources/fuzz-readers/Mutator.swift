import Randomness

/// Changes valid files a little, by chance of a seed: bits and bytes anywhere, and the words of texts, such that the
/// text around them stays what it was.
struct Mutator {
    private var random: RandomStream

    /// The changes that are made to the file of that number.
    init(seed: UInt64, number: Int) { random = RandomStream(seed: seed, purpose: .test, round: UInt64(number)) }

    /// A number from 0 up to a bound.
    mutating func below(_ bound: Int) -> Int { random.integer(below: bound) }

    enum Kind {
        case bytes, text
        /// JSON, which it most often stays: numbers and the like become others.
        case json
        /// A safetensors file: a text behind its length, and bytes behind it.
        case tensors
    }

    /// The bytes with one to four changes.
    mutating func changed(_ bytes: [UInt8], _ kind: Kind) -> [UInt8] {
        if kind == .tensors, random.bernoulli(0.7), let changed = headerChanged(bytes) { return changed }
        var bytes = bytes
        if kind == .json, random.bernoulli(0.9) {
            for _ in 0..<(1 + random.integer(below: 3)) { bytes = valueChanged(bytes) }
            return bytes
        }
        for _ in 0..<(1 + random.integer(below: 4)) {
            bytes = kind != .bytes && random.integer(below: 4) > 0 ? wordChanged(bytes) : byteChanged(bytes)
        }
        return bytes
    }

    /// The file with changes in its header, whose length is then told as it is; nil where there is no header.
    private mutating func headerChanged(_ bytes: [UInt8]) -> [UInt8]? {
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= 8, (0...(bytes.count - 8)).contains(length) else { return nil }
        let header = changed(Array(bytes[8..<(8 + length)]), .text)
        return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + bytes[(8 + length)...]
    }

    // MARK: Bytes

    private mutating func byteChanged(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return [UInt8(random.integer(below: 256))] }
        var bytes = bytes
        // Headers lie in front.
        let reach = random.bernoulli(0.5) ? bytes.count : min(bytes.count, 64)
        let place = random.integer(below: reach)
        let end = min(bytes.count, place + 1 + random.integer(below: 16))
        switch random.integer(below: 7) {
        case 0: bytes[place] ^= 1 << UInt8(random.integer(below: 8))
        case 1: bytes[place] = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x0a, 0x22][random.integer(below: 8)]
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: random.integer(below: bytes.count))
        case 4: bytes.insert(contentsOf: (place..<end).map { _ in UInt8(random.integer(below: 256)) }, at: place)
        case 5: bytes.removeSubrange(place...)
        default: for index in place..<end { bytes[index] = bytes[place] }
        }
        return bytes
    }

    // MARK: Words

    private static let extremes = [
        "0", "-1", "1", "2", "-0", "0.5", "1e308", "-1e308", "1e-320", "1e400", "NaN", "null", "true", "false", "{}",
        "[]", "\"\"", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615",
        "18446744073709551616", "281474976710656", "281474976710655", "4294967295", "4294967296", "2147483648", "1e18",
        "3000000000", "99999", "\"inf\"", "\"nan\"",
    ]

    /// Changes one number, word or entry of a text.
    private mutating func wordChanged(_ bytes: [UInt8]) -> [UInt8] {
        let words = Self.words(bytes)
        guard !words.isEmpty else { return byteChanged(bytes) }
        let word = words[random.integer(below: words.count)]
        let text = String(decoding: bytes[word], as: UTF8.self)
        var bytes = bytes
        func put(_ text: String) { bytes.replaceSubrange(word, with: Array(text.utf8)) }
        switch random.integer(below: 6) {
        case 0: put(Self.extremes[random.integer(below: Self.extremes.count)])
        case 1: put(Int(text).map { "\($0 &+ [-1, 1, 2, 10, -10][random.integer(below: 5)])" } ?? "\(text)x")
        case 2:
            let other = words[random.integer(below: words.count)]
            put(String(decoding: bytes[other], as: UTF8.self))
        case 3 where text == "true" || text == "false": put(text == "true" ? "false" : "true")
        case 3: put("-\(text)")
        case 4: return withoutEntry(bytes, around: word)
        default: put(text + String(repeating: "0", count: 1 + random.integer(below: 20)))
        }
        return bytes
    }

    private static let values = [
        "0", "-1", "1", "2", "3", "7", "0.5", "1e300", "-1e300", "null", "true", "false", "[]", "{}", "\"inf\"",
        "\"nan\"", "9223372036854775807", "-9223372036854775808", "9223372036854775806", "18446744073709551615",
        "281474976710656", "281474976710655", "4294967295", "2147483647", "65536", "1000000000000",
    ]

    /// Changes one value of a JSON text.
    private mutating func valueChanged(_ bytes: [UInt8]) -> [UInt8] {
        let words = Self.words(bytes).filter { $0.lowerBound == 0 || bytes[$0.lowerBound - 1] != UInt8(ascii: "\"") }
        guard !words.isEmpty else { return bytes }
        let word = words[random.integer(below: words.count)]
        let text = String(decoding: bytes[word], as: UTF8.self)
        var bytes = bytes
        let value: String
        switch random.integer(below: 6) {
        case 0, 1: value = Self.values[random.integer(below: Self.values.count)]
        case 2: value = String(decoding: bytes[words[random.integer(below: words.count)]], as: UTF8.self)
        case 3 where random.bernoulli(0.2): return withoutEntry(bytes, around: word)
        default:
            if text == "true" || text == "false" {
                value = text == "true" ? "false" : "true"
            } else {
                value = Int(text).map { "\($0 &+ [-1, 1, 2, -2, 8][random.integer(below: 5)])" } ?? "0"
            }
        }
        bytes.replaceSubrange(word, with: Array(value.utf8))
        return bytes
    }

    /// Takes out what stands between the commas or line ends around a word.
    private func withoutEntry(_ bytes: [UInt8], around word: Range<Int>) -> [UInt8] {
        let ends = [UInt8(ascii: ","), UInt8(ascii: "\n")]
        let brackets = [UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}")]
        var start = word.lowerBound
        while start > 0, !(ends + brackets).contains(bytes[start - 1]) { start -= 1 }
        var end = word.upperBound
        while end < bytes.count, !(ends + brackets).contains(bytes[end]) { end += 1 }
        if end < bytes.count, ends.contains(bytes[end]) { end += 1 }
        return Array(bytes[..<start] + bytes[end...])
    }

    /// Where numbers and words of letters lie.
    private static func words(_ bytes: [UInt8]) -> [Range<Int>] {
        func isPart(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        var words: [Range<Int>] = []
        var start: Int?
        for (index, byte) in bytes.enumerated() {
            if isPart(byte) {
                start = start ?? index
            } else if let begin = start {
                words.append(begin..<index)
                start = nil
            }
        }
        if let start { words.append(start..<bytes.count) }
        return words
    }
}
