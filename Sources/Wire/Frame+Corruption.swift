public import Randomness
public import Runtime

extension Frame {
    /// The frame as it arrives when one to four of its bits flip on the way: nil where the receiver's checksum finds
    /// out, and the frame as it was where the flips undo each other.
    public func corrupted(_ random: inout RandomStream) -> Frame? {
        var bytes = encoded()
        for _ in 0..<(1 + random.integer(below: 4)) {
            bytes[random.integer(below: bytes.count)] ^= UInt8(1 << random.integer(below: 8))
        }
        return try? Frame(encoded: bytes)
    }
}
