/// An array in the .npy form of NumPy (NEP 1): a header that is a Python dictionary, then the numbers, row by row.
struct NPY: Equatable {
    /// How the numbers are stored.
    enum Element: String, CaseIterable {
        case uint8 = "|u1"
        case int8 = "|i1"
        case int16 = "<i2"
        case int32 = "<i4"
        case int64 = "<i8"
        case uint16 = "<u2"
        case uint32 = "<u4"
        case uint64 = "<u8"

        var byteCount: Int {
            switch self {
            case .uint8, .int8: 1
            case .int16, .uint16: 2
            case .int32, .uint32: 4
            case .int64, .uint64: 8
            }
        }

        var isSigned: Bool { rawValue.contains("i") }
    }

    let shape: [Int]
    let element: Element
    /// Where the numbers begin.
    let start: Int

    /// The most bytes that a header may have; numpy's are padded to 64.
    static let mostHeader = 1 << 16

    /// What is wrong, as the rest of a sentence that begins with a name.
    struct Problem: Error, Equatable {
        let sentence: String
    }

    /// Understands the header of a file of `byteCount` bytes, of which the first are given: all, or `mostHeader`.
    init(header bytes: [UInt8], byteCount: Int) throws(Problem) {
        guard bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]), bytes.count >= 12 else {
            throw Problem(sentence: "is not a .npy file: it does not begin as one")
        }
        let lengthBytes = bytes[6] == 1 ? 2 : 4
        let length = bytes[8..<(8 + lengthBytes)].reversed().reduce(0) { $0 << 8 | Int($1) }
        start = 8 + lengthBytes + length
        guard (1...3).contains(bytes[6]), start <= bytes.count else {
            throw Problem(sentence: "has a header of version \(bytes[6]) and \(length) bytes, which is damaged")
        }
        let text = String(decoding: bytes[(8 + lengthBytes)..<start], as: UTF8.self)
        let description = try Self.quoted("descr", in: text)
        guard let element = Element(rawValue: description) else {
            let known = Element.allCases.map(\.rawValue).joined(separator: " ")
            throw Problem(sentence: "holds numbers of the type '\(description)', where one of \(known) is expected")
        }
        guard try Self.word("fortran_order", in: text).hasPrefix("False") else {
            throw Problem(sentence: "is stored column by column (fortran_order), not row by row")
        }
        self.element = element
        shape = try Self.shape(in: text)
        var promised = element.byteCount
        for extent in shape {
            let (product, overflow) = promised.multipliedReportingOverflow(by: extent)
            promised = overflow ? .max : product
        }
        guard promised == byteCount - start else {
            let size = shape.map(String.init).joined(separator: " x ")
            throw Problem(
                sentence: "promises \(size) numbers of \(element.byteCount) bytes, but holds \(byteCount - start) "
                    + "bytes behind its header")
        }
    }

    /// The numbers in such bytes, the first of them at their beginning.
    func integers(_ bytes: ArraySlice<UInt8>) -> [Int] {
        let size = element.byteCount
        return stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { place in
            let word = bytes[place..<(place + size)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let shift = 64 - 8 * size
            return element.isSigned ? Int(Int64(bitPattern: word << shift) >> shift) : Int(clamping: word)
        }
    }

    /// What stands behind a key of the dictionary.
    private static func word(_ key: String, in text: String) throws(Problem) -> Substring {
        guard let found = text.firstRange(of: "'\(key)':") else {
            throw Problem(sentence: "has a header without '\(key)'")
        }
        return text[found.upperBound...].drop { $0 == " " }
    }

    private static func quoted(_ key: String, in text: String) throws(Problem) -> String {
        let word = try word(key, in: text)
        guard word.first == "'" else { throw Problem(sentence: "holds records of several kinds of numbers") }
        return String(word.dropFirst().prefix { $0 != "'" })
    }

    private static func shape(in text: String) throws(Problem) -> [Int] {
        let word = try word("shape", in: text)
        let extents = word.dropFirst().prefix { $0 != ")" }.split(separator: ",").map { part in
            Int(part.filter { $0 != " " }) ?? -1
        }
        guard word.first == "(", extents.allSatisfy({ $0 >= 0 }) else {
            throw Problem(sentence: "has a header whose shape is none")
        }
        return extents
    }
}
