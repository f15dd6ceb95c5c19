import Gossip
import Graphs
import Runtime
import Testing
import Vectors

@testable import Wire

@Suite struct EnvelopeTests {
    private let metadata = Metadata(round: .max, tag: 3, weight: .nan)

    private var frame: Frame {
        Frame(
            from: 3, to: 65_539, incarnations: Frame.Incarnations(from: 6, to: .max),
            content: .message(sequence: 5, id: MessageID(rawValue: 7), metadata: metadata, payload: Payload([1, 2])))
    }

    /// The envelope of a frame is the frame's own header.
    @Test func aFrameIsAnnouncedByItsHeader() {
        let bytes = Envelope.frame(frame, payload: 2, isPacked: false).encoded
        #expect(bytes == Array(frame.encoded().prefix(Envelope.byteCount)))
    }

    @Test func aFrameComesBackWithoutItsPayload() throws {
        for count in [nil, 0, 2, Int(UInt32.max)] as [Int?] {
            guard
                case .frame(let back, let announced, false) = try Envelope(
                    encoded: Envelope.frame(frame, payload: count, isPacked: false).encoded)
            else { return #expect(Bool(false), "no frame came back") }
            #expect(announced == count)
            #expect(back.payload == nil)
            // With its payload it is the same frame to the bit.
            #expect(back.carrying(frame.payload).encoded() == frame.encoded())
        }
        let acknowledgement = Frame(from: 1, to: 2, content: .acknowledgement(through: .max))
        guard
            case .frame(let back, nil, false) = try Envelope(
                encoded: Envelope.frame(acknowledgement, payload: nil, isPacked: false).encoded)
        else { return #expect(Bool(false), "no frame came back") }
        #expect(back.encoded() == acknowledgement.encoded())
        #expect(back.carrying(Payload([1])).encoded() == acknowledgement.encoded())
    }

    /// A packed payload is announced as such, be it that it travels apart.
    @Test func aPackedPayloadIsAnnounced() throws {
        let packed = frame.carrying(Payload([1, 2], isPacked: true))
        let bytes = Envelope.frame(packed, payload: 2, isPacked: true).encoded
        #expect(bytes == Array(packed.encoded().prefix(Envelope.byteCount)) && bytes[6] == 5)
        guard case .frame(let back, 2, true) = try Envelope(encoded: bytes) else {
            return #expect(Bool(false), "no packed frame came back")
        }
        #expect(back.carrying(packed.payload).encoded() == packed.encoded())
    }

    @Test(
        arguments: [
            .controlMessage(words: 0, payload: nil), .controlMessage(words: 1 << 40, payload: 0),
            .controlMessage(words: 7, payload: 1 << 31),
            .heartbeat, .shutdown, .loss(rank: 511), .unreachable(rank: 3),
        ] as [Envelope])
    func wordsBetweenRanksComeBack(_ envelope: Envelope) throws {
        let bytes = envelope.encoded
        #expect(bytes.count == Envelope.byteCount)
        #expect("\(try Envelope(encoded: bytes))" == "\(envelope)")
        // No frame is ever mistaken for one of them.
        #expect(throws: WireError.self) { try Frame(encoded: bytes + [0, 0, 0, 0]) }
    }

    @Test func whatIsNoEnvelopeIsRefused() {
        let heartbeat = Envelope.heartbeat.encoded
        #expect(throws: WireError.truncated(byteCount: 63, needed: 64)) {
            try Envelope(encoded: Array(heartbeat.dropLast()))
        }
        #expect(throws: WireError.surplus(byteCount: 65, needed: 64)) { try Envelope(encoded: heartbeat + [0]) }
        #expect(throws: WireError.magic(0)) { try Envelope(encoded: [UInt8](repeating: 0, count: 64)) }
        #expect(throws: WireError.version(3)) { try Envelope(encoded: changed(heartbeat, 4, to: 3)) }
        #expect(throws: WireError.kind(99)) { try Envelope(encoded: changed(heartbeat, 6, to: 99)) }
        #expect(throws: WireError.payload(kind: 18, count: 1)) { try Envelope(encoded: changed(heartbeat, 60, to: 1)) }
    }

    private func changed(_ bytes: [UInt8], _ place: Int, to byte: UInt8) -> [UInt8] {
        var bytes = bytes
        bytes[place] = byte
        return bytes
    }
}
