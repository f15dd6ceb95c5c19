import Configuration

/// An array of bytes in the IDX format of MNIST (LeCun, Cortes and Burges, 1998): two zero bytes, a byte for the type
/// of the numbers, a byte for how many dimensions there are, the extent of each as a big-endian 32-bit number, then the
/// numbers in row-major order.
struct IDX: Equatable {
    let shape: [Int]
    /// As many as the product of the shape.
    let values: [UInt8]

    /// The array in a file, packed by gzip or not, whatever the file's name says.
    static func read(_ path: String, dimensions: Int, remedy: String) throws(DataError) -> IDX {
        let bytes = try WholeFile.bytes(of: path, remedy: remedy)
        switch unpackAndParse(bytes, dimensions: dimensions) {
        case .success(let array): return array
        case .failure(let problem): throw DataError(.malformed, path, problem.sentence, remedy: remedy)
        }
    }

    /// The array in the bytes of a file. Any bytes at all give an array or a problem.
    static func unpackAndParse(_ bytes: [UInt8], dimensions: Int) -> Result<IDX, Problem> {
        guard Gzip.isGzip(bytes) else { return parse(bytes, dimensions: dimensions) }
        return Gzip.unpack(bytes).mapError { Problem(sentence: $0.description) }
            .flatMap { parse($0, dimensions: dimensions) }
    }

    /// What is wrong with a file, as the rest of a sentence that begins with its name.
    struct Problem: Error, Equatable {
        let sentence: String
    }

    private static let types: [UInt8: String] = [
        0x08: "unsigned bytes", 0x09: "signed bytes", 0x0B: "16-bit integers", 0x0C: "32-bit integers",
        0x0D: "32-bit floats", 0x0E: "64-bit floats",
    ]

    /// Bytes before the numbers.
    static func headerBytes(dimensions: Int) -> Int { 4 + 4 * dimensions }

    private static func parse(_ bytes: [UInt8], dimensions: Int) -> Result<IDX, Problem> {
        shape(header: bytes, byteCount: bytes.count, dimensions: dimensions).map {
            IDX(shape: $0, values: Array(bytes[headerBytes(dimensions: dimensions)...]))
        }
    }

    private static func product(_ first: Int, _ second: Int) -> Int? {
        let (product, overflow) = first.multipliedReportingOverflow(by: second)
        return overflow ? nil : product
    }

    /// The extents of the array in a file of `byteCount` bytes that begins with these.
    static func shape(header bytes: [UInt8], byteCount: Int, dimensions: Int) -> Result<[Int], Problem> {
        func refuse(_ sentence: String) -> Result<[Int], Problem> { .failure(Problem(sentence: sentence)) }

        guard byteCount >= 4 else {
            return refuse("is not an IDX file: it has \(byteCount) bytes, of at least 4 in a header")
        }
        guard bytes[0] == 0, bytes[1] == 0 else {
            return refuse(
                "is not an IDX file: its first two bytes are "
                    + "\(bytes[0].hexadecimal) \(bytes[1].hexadecimal), not 00 00")
        }
        guard bytes[2] == 0x08 else {
            let found = types[bytes[2]] ?? "numbers of the unknown type \(bytes[2].hexadecimal)"
            return refuse("holds \(found), where unsigned bytes (type 08) are expected")
        }
        guard bytes[3] == dimensions else {
            return refuse("has \(bytes[3]) dimensions, where \(dimensions) are expected")
        }
        let header = headerBytes(dimensions: dimensions)
        guard byteCount >= header else {
            return refuse("ends within its header: it has \(byteCount) bytes, of \(header) in the header")
        }
        let shape = (0..<dimensions).map { dimension in
            bytes[(4 + 4 * dimension)..<(8 + 4 * dimension)].reduce(0) { $0 << 8 | Int($1) }
        }
        // From the last, so that the size of an image is known to be a number where there are no images, too.
        var promised: Int? = 1
        for extent in shape.reversed() { promised = promised.flatMap { product($0, extent) } }
        let held = byteCount - header
        guard promised == held else {
            let size = shape.map(String.init).joined(separator: " x ")
            let amount = promised.map { "\($0) bytes" } ?? "more bytes than there can be"
            return refuse("promises \(size) values, \(amount), but holds \(held) behind its header")
        }
        return .success(shape)
    }
}
