import Runtime
import Wire

/// What travels between ranks: frames, and the envelopes that go ahead of them.
struct WireFormat: FileFormat {
    static let name = "wire"
    static let mostBytes = 256
    static let kind = Mutator.Kind.bytes

    init(in folder: String) {}

    func read(_ bytes: [UInt8]) throws {
        if bytes.count == Envelope.byteCount {
            let encoded = try Envelope(encoded: bytes).encoded
            let again = try Envelope(encoded: encoded).encoded
            precondition(again == encoded, "an envelope is not what it was")
        } else {
            let encoded = try Self.frame(bytes).encoded()
            let again = try Frame(encoded: encoded).encoded()
            precondition(again == encoded, "a frame is not what it was")
        }
    }

    /// The frame in the bytes, which get the right checksum where that is all that they lack.
    private static func frame(_ bytes: [UInt8]) throws(WireError) -> Frame {
        do {
            return try Frame(encoded: bytes)
        } catch .checksum(let found, _) {
            let sum = (0..<4).map { UInt8(truncatingIfNeeded: found >> (8 * $0)) }
            return try Frame(encoded: bytes.dropLast(4) + sum)
        }
    }
}
