import Gossip
import Graphs
import Runtime
import Vectors
import Wire

/// A frame of the other end's node while its payload comes.
struct IncomingModel {
    let frame: Frame
    let encoding: PayloadEncoding
    /// Where the numbers come to lie; nil until they may come.
    var payload: Payload?
    var receivedByteCount = 0
}

extension Frame {
    /// The frame that an opening announces, from a place to 0; nil where it is none that a node could send in this
    /// session.
    ///
    /// - Parameter place: the last place in the order that was announced; goes on.
    init?(_ opening: FrameOpening, from peer: PeerNumber, after place: inout UInt64) {
        guard let envelope = try? Envelope(encoded: opening.header),
            case .frame(let sent, let count, isPacked: false) = envelope,
            (count ?? 0) * Int(opening.encoding.bytesPerNumber) == opening.payloadByteCount,
            sent.incarnations == Incarnations(from: peer.session, to: peer.session)
        else { return nil }
        switch sent.content {
        case .part: return nil
        case .acknowledgement: break
        case .message(let sequence, _, let metadata, _):
            // Nothing is lost on a link, so that each place follows the one before.
            guard place < .max, sequence == place + 1, metadata.weight >= 0, metadata.weight <= 1 else { return nil }
            place = sequence
        }
        self.init(from: peer.place, to: 0, incarnations: sent.incarnations, content: sent.content)
    }
}
