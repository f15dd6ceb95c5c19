/// The frames of this side whose payloads wait for the other side's word.
struct OutgoingFrames: Sendable, Hashable {
    private var waiting: Set<UInt64> = []

    mutating func offer(_ frame: UInt64, _ opening: FrameOpening) {
        if opening.payloadByteCount > 0 { waiting.insert(frame) }
    }

    /// Whether the frame waited for that word.
    mutating func release(_ frame: UInt64) -> Bool { waiting.remove(frame) != nil }
}
