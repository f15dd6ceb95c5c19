import Configuration

/// The header of a file, checked: every tensor's bytes lie within the data, touch the next one's and have the right
/// number.
struct Header {
    struct Entry {
        let name: String
        let type: ElementType
        let shape: [Int]
        /// Within the data behind the header.
        let range: Range<Int>
    }

    static let metadataKey = "__metadata__"

    /// In the order of their bytes.
    private(set) var entries: [Entry] = []
    private(set) var metadata: [String: String] = [:]

    init(parsing text: [UInt8], dataCount: Int) throws(Malformed) {
        guard text.first == UInt8(ascii: "{") else {
            throw Malformed("the header does not begin with '{', so this is no safetensors file")
        }
        for member in try Self.members(try Self.document(text), of: "the header") {
            if member.key == Self.metadataKey {
                metadata = try Self.metadata(member.value)
            } else {
                entries.append(try Self.entry(member.key, member.value))
            }
        }
        entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        var end = 0
        for entry in entries {
            guard entry.range.lowerBound == end else {
                let fault = entry.range.lowerBound < end ? "overlaps the one before it" : "leaves a hole before it"
                throw Malformed("tensor '\(entry.name)' at bytes \(entry.range) \(fault), which ends at \(end)")
            }
            end = entry.range.upperBound
        }
        guard end == dataCount else {
            throw Malformed("the header promises \(end) bytes of data, and the file holds \(dataCount)")
        }
    }

    private static func document(_ text: [UInt8]) throws(Malformed) -> JSON {
        do {
            return try JSON(parsing: text)
        } catch {
            throw Malformed("the header breaks JSON: \(error.reason)")
        }
    }

    /// The members of an object, none of them twice.
    private static func members(_ value: JSON, of what: String) throws(Malformed) -> [(key: String, value: JSON)] {
        guard case .object(let members) = value else { throw Malformed("\(what) is not an object") }
        var keys: Set<String> = []
        for member in members where !keys.insert(member.key).inserted {
            throw Malformed("\(what) holds '\(member.key)' twice")
        }
        return members
    }

    private static func metadata(_ value: JSON) throws(Malformed) -> [String: String] {
        var words: [String: String] = [:]
        for member in try members(value, of: metadataKey) {
            guard case .string(let text) = member.value else {
                throw Malformed("\(metadataKey) holds '\(member.key)', which is not a string")
            }
            words[member.key] = text
        }
        return words
    }

    /// The whole numbers from 0 of a list; nil where there is no list.
    private static func counts(_ value: JSON?, _ name: String) throws(Malformed) -> [Int]? {
        guard case .array(let items)? = value else { return nil }
        var counts: [Int] = []
        for item in items {
            guard case .integer(let count) = item, count >= 0 else {
                throw Malformed("tensor '\(name)' has a size that is no whole number from 0, or too large")
            }
            counts.append(count)
        }
        return counts
    }

    private static func entry(_ name: String, _ value: JSON) throws(Malformed) -> Entry {
        var fields: [String: JSON] = [:]
        for member in try members(value, of: "tensor '\(name)'") {
            guard ["dtype", "shape", "data_offsets"].contains(member.key) else {
                throw Malformed("tensor '\(name)' has the unknown field '\(member.key)'")
            }
            fields[member.key] = member.value
        }
        guard case .string(let typeName)? = fields["dtype"] else { throw Malformed("tensor '\(name)' has no dtype") }
        let type = ElementType(rawValue: typeName)
        guard let shape = try counts(fields["shape"], name) else { throw Malformed("tensor '\(name)' has no shape") }
        guard let offsets = try counts(fields["data_offsets"], name), offsets.count == 2, offsets[0] <= offsets[1]
        else {
            throw Malformed("tensor '\(name)' has no pair of rising data_offsets")
        }
        let count = try count(of: shape, name)
        if let size = type.byteCount {
            let (bytes, overflows) = count.multipliedReportingOverflow(by: size)
            guard !overflows, bytes == offsets[1] - offsets[0] else {
                throw Malformed(
                    "tensor '\(name)' of \(typeName) and shape \(shape) needs \(count) numbers of \(size) bytes, and "
                        + "its data_offsets span \(offsets[1] - offsets[0])")
            }
        }
        return Entry(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
    }

    /// The numbers of a shape. One that overflows is refused also where some extent is 0: no part of it can be reckoned
    /// with then.
    private static func count(of shape: [Int], _ name: String) throws(Malformed) -> Int {
        var product = 1
        for extent in shape where extent > 0 {
            let (next, overflows) = product.multipliedReportingOverflow(by: extent)
            // Room for the bytes of the widest type.
            guard !overflows, next <= Int.max / 8 else {
                throw Malformed("tensor '\(name)' has the impossible shape \(shape)")
            }
            product = next
        }
        return shape.contains(0) ? 0 : product
    }
}
