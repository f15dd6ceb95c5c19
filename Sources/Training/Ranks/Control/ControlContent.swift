import Checkpoints
import Foundation
import Gossip
import Runs
import Runtime
import Safetensors
import Vectors

/// Words that come with numbers or a vector, or alone; between ranks a control message.
struct ControlContent<Head: Codable & Sendable>: Sendable {
    var head: Head
    var numbers: StateDict?
    var payload: Payload?
    /// Whether whoever gets it as a control message should look at it even when it waits for no answer.
    var isUnasked = false

    init(_ head: Head, numbers: StateDict? = nil, payload: Payload? = nil, isUnasked: Bool = false) {
        self.isUnasked = isUnasked
        self.head = head
        self.numbers = numbers
        self.payload = payload
    }

    func map<Other>(_ transform: (Head) -> Other) -> ControlContent<Other> {
        ControlContent<Other>(transform(head), numbers: numbers, payload: payload)
    }
}

/// A control message's words are a byte that is 1 where it comes unasked, the count of the head's bytes in four, the
/// head as JSON, and the numbers as a safetensors file, if there are any.
extension ControlContent {
    private static var lengthByteCount: Int { 4 }

    func controlMessage() throws -> ControlMessage {
        let text = Array(try JSONEncoder.exact.encode(head))
        let length = UInt32(text.count)
        var words =
            [isUnasked ? 1 : 0] + (0..<Self.lengthByteCount).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
            + text
        if let numbers { words += SafetensorsFile(tensors: numbers.tensors).encoded() }
        return ControlMessage(words: words, payload: payload)
    }

    /// Reads a control message. Throws for what no rank of this version writes.
    init(_ controlMessage: ControlMessage) throws {
        let words = controlMessage.words.dropFirst()
        isUnasked = controlMessage.isUnasked
        let length = words.prefix(Self.lengthByteCount).reversed().reduce(0) { $0 << 8 | Int($1) }
        let rest = words.dropFirst(Self.lengthByteCount)
        guard rest.count >= length else { throw StateError("a control message breaks off after \(words.count) bytes") }
        let decoder = JSONDecoder.exact
        head = try decoder.decode(Head.self, from: Data(rest.prefix(length)))
        let file = Array(rest.dropFirst(length))
        numbers = file.isEmpty ? nil : try StateDict(SafetensorsFile(bytes: file, path: "a control message"))
        payload = controlMessage.payload
    }
}

extension ControlMessage {
    /// Whether it was sent unasked, as `ControlContent` writes it.
    var isUnasked: Bool { words.first == 1 }
}
