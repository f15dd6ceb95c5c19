import Foundation
import Gossip
import Runtime
import Safetensors
import Vectors

/// Words that come with numbers or a vector, or alone; between ranks a letter.
struct Parcel<Head: Codable & Sendable>: Sendable {
    var head: Head
    var numbers: Numbers?
    var payload: Payload?
    /// Whether whoever gets it as a letter should look at it even when it waits for no answer.
    var isUnasked = false

    init(_ head: Head, numbers: Numbers? = nil, payload: Payload? = nil, isUnasked: Bool = false) {
        self.isUnasked = isUnasked
        self.head = head
        self.numbers = numbers
        self.payload = payload
    }

    func map<Other>(_ transform: (Head) -> Other) -> Parcel<Other> {
        Parcel<Other>(transform(head), numbers: numbers, payload: payload)
    }
}

/// A letter's words are a byte that is 1 where it comes unasked, the count of the head's bytes in four, the head as
/// JSON, and the numbers as a safetensors file, if there are any.
extension Parcel {
    private static var lengthByteCount: Int { 4 }

    func letter() throws -> Letter {
        let text = Array(try JSONEncoder.exact.encode(head))
        let length = UInt32(text.count)
        var words =
            [isUnasked ? 1 : 0] + (0..<Self.lengthByteCount).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
            + text
        if let numbers { words += SafetensorsFile(tensors: numbers.tensors).encoded() }
        return Letter(words: words, payload: payload)
    }

    /// Reads a letter. Throws for what no rank of this version writes.
    init(_ letter: Letter) throws {
        let words = letter.words.dropFirst()
        isUnasked = letter.isUnasked
        let length = words.prefix(Self.lengthByteCount).reversed().reduce(0) { $0 << 8 | Int($1) }
        let rest = words.dropFirst(Self.lengthByteCount)
        guard rest.count >= length else { throw StateError("a letter breaks off after \(words.count) bytes") }
        let decoder = JSONDecoder.exact
        head = try decoder.decode(Head.self, from: Data(rest.prefix(length)))
        let file = Array(rest.dropFirst(length))
        numbers = file.isEmpty ? nil : try Numbers(SafetensorsFile(bytes: file, path: "a letter"))
        payload = letter.payload
    }
}

extension Letter {
    /// Whether it was sent unasked, as `Parcel` writes it.
    var isUnasked: Bool { words.first == 1 }
}
