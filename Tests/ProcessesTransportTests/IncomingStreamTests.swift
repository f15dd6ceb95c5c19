import Gossip
import Graphs
import Runtime
import Testing
import Vectors
import Wire

@testable import ProcessesTransport

@Suite struct IncomingStreamTests {
    private static let numbers: [Float] = [1, -0.0, 3.5, 7]

    private static func bytes(_ numbers: [Float]) -> [UInt8] {
        numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) } }
    }

    /// A beat, a message with numbers, a control message with words and numbers, one with words, an empty one, leave.
    private var everything: [UInt8] {
        let frame = Frame(
            from: 1, to: 0,
            content: .message(sequence: 4, id: MessageID(rawValue: 9), metadata: Metadata(round: 3), payload: nil))
        var bytes = Envelope.heartbeat.encoded
        bytes += Envelope.frame(frame, payload: 4, isPacked: false).encoded + Self.bytes(Self.numbers)
        bytes += Envelope.controlMessage(words: 3, payload: 2).encoded + [5, 6, 7] + Self.bytes([8, 9])
        bytes += Envelope.controlMessage(words: 1, payload: nil).encoded + [1]
        bytes += Envelope.controlMessage(words: 0, payload: 0).encoded
        return bytes + Envelope.loss(rank: 2).encoded + Envelope.shutdown.encoded
    }

    private func text(_ arrived: [IncomingStream.Arrived]) -> [String] {
        arrived.map { item in
            switch item {
            case .frame(let frame): "frame \(frame.place ?? 0) \(frame.payload?.array() ?? [])"
            case .controlMessage(let message): "\(message.words) \(message.payload?.array() ?? [])"
            case .shutdown: "shutdown"
            case .loss(let rank): "loss of \(rank)"
            }
        }
    }

    @Test(arguments: [1, 3, 64, 65, 10_000]) func itDoesNotMatterInWhichPiecesItComes(_ piece: Int) throws {
        var stream = IncomingStream(pool: PayloadPool())
        var arrived: [IncomingStream.Arrived] = []
        let bytes = everything
        for start in stride(from: 0, to: bytes.count, by: piece) {
            try stream.take(bytes[start..<min(start + piece, bytes.count)], &arrived)
        }
        #expect(
            text(arrived) == [
                "frame 4 [1.0, -0.0, 3.5, 7.0]", "[5, 6, 7] [8.0, 9.0]", "[1] []", "[] []", "loss of 2", "shutdown",
            ])
    }

    @Test func whatNoRankSendsIsRefused() {
        var tooLong = Envelope.controlMessage(words: 0, payload: nil).encoded
        for place in 24..<32 { tooLong[place] = 0x7f }
        var unknown = Envelope.heartbeat.encoded
        unknown[6] = 99
        for bytes in [[UInt8](repeating: 0, count: 64), unknown, tooLong, Envelope.unreachable(rank: 1).encoded] {
            var stream = IncomingStream(pool: PayloadPool())
            var arrived: [IncomingStream.Arrived] = []
            #expect(throws: IncomingStream.Malformed.self) { try stream.take(bytes[...], &arrived) }
            #expect(arrived.isEmpty)
        }
    }
}
