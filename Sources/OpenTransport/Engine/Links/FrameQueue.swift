import Runtime
import Vectors
import Wire

/// The frames of the node that leave by one link: in their order, few models at a time.
struct FrameQueue {
    /// A payload that the other end lets come.
    private struct Leaving {
        let frame: UInt64
        let payload: Payload
        let encoding: PayloadEncoding
        /// Numbers that have gone.
        var sentCount = 0
    }

    /// Frames with a place in the order that wait for those before them.
    private var waiting: [Frame] = []
    /// The last word of how far the other end's frames were handled; it says all that those before it said.
    private var acknowledgement: Frame?
    private var announced: [UInt64: (payload: Payload, encoding: PayloadEncoding)] = [:]
    private var leaving: [Leaving] = []
    private var lastFrame: UInt64 = 0
    private var rate: TokenBucket
    private let limits: EngineLimits

    init(_ limits: EngineLimits, now: Int64) {
        self.limits = limits
        rate = TokenBucket(perSecond: limits.framesPerSecond, most: limits.frameBurst, now: now)
    }

    /// Models that wait or are on their way.
    var modelCount: Int { waiting.count { $0.payload != nil } + announced.count + leaving.count }

    /// Whether something could be announced now, if it were not too soon.
    var hasWaiting: Bool { acknowledgement != nil || waiting.first.map(mayBeAnnounced) ?? false }

    /// Whether a part of a payload may go.
    var hasLeaving: Bool { !leaving.isEmpty }

    private func mayBeAnnounced(_ frame: Frame) -> Bool {
        frame.payload == nil || announced.count + leaving.count < limits.outgoingModels
    }

    /// Takes a frame. False where too many wait.
    mutating func append(_ frame: Frame) -> Bool {
        guard frame.isMessage else {
            acknowledgement = frame
            return true
        }
        waiting.append(frame)
        return modelCount <= limits.waitingModels + limits.outgoingModels
    }

    /// The next frame to announce with its number on the link, if it is time.
    mutating func next(_ encoding: PayloadEncoding, now: Int64) -> (number: UInt64, opening: FrameOpening)? {
        guard hasWaiting, rate.spend(1, now: now) else { return nil }
        let frame: Frame
        if let acknowledgement {
            frame = acknowledgement
            self.acknowledgement = nil
        } else {
            frame = waiting.removeFirst()
        }
        lastFrame += 1
        let envelope = Envelope.frame(frame, payload: frame.payload?.count, isPacked: frame.payload?.isPacked == true)
        guard let payload = frame.payload, payload.count > 0 else {
            return (lastFrame, FrameOpening(encoding: .none, payloadByteCount: 0, header: envelope.encoded))
        }
        announced[lastFrame] = (payload, encoding)
        let byteCount = UInt64(payload.count) * encoding.bytesPerNumber
        return (lastFrame, FrameOpening(encoding: encoding, payloadByteCount: byteCount, header: envelope.encoded))
    }

    /// The other end lets a payload come.
    mutating func release(_ frame: UInt64) {
        guard let known = announced.removeValue(forKey: frame) else { return }
        leaving.append(Leaving(frame: frame, payload: known.payload, encoding: known.encoding))
    }

    /// How many bytes the next part of a payload has; 0 where none may go.
    var nextByteCount: Int {
        guard let first = leaving.first else { return 0 }
        let rest = (first.payload.count - first.sentCount) * Int(first.encoding.bytesPerNumber)
        return min(EngineLimits.chunkByteCount, rest)
    }

    /// Adds the next part of a payload as an item.
    mutating func moveChunk(to outgoing: inout OutgoingBytes) {
        guard let first = leaving.first else { return }
        let byteCount = nextByteCount
        let count = byteCount / Int(first.encoding.bytesPerNumber)
        outgoing.append { bytes in
            bytes += Item.chunkHeader(byteCount: byteCount, frame: first.frame)
            first.encoding.append(first.payload, from: first.sentCount, count: count, to: &bytes)
        }
        leaving[0].sentCount += count
        if leaving[0].sentCount == first.payload.count { leaving.removeFirst() }
    }
}

extension Item {
    /// What stands before a part of a payload: the same bytes as those of an item that holds it, which would have to be
    /// made first.
    fileprivate static func chunkHeader(byteCount: Int, frame: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        writer.put(ItemKind.chunk.rawValue)
        writer.put([0, 0, 0])
        writer.put(UInt32(byteCount))
        writer.put(frame)
        return writer.bytes
    }
}
