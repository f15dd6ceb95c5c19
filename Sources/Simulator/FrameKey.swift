import Gossip
import Graphs
import Runtime

/// What a frame says, but for its payload: two frames of one key are the same, sent twice.
struct FrameKey: Hashable {
    private let from: PeerID
    private let to: PeerID
    private let incarnations: Frame.Incarnations
    private let isMessage: Bool
    /// The place of the message or part in the order, or up to which place all were handled.
    private let place: UInt64

    init(_ frame: Frame) {
        from = frame.from
        to = frame.to
        incarnations = frame.incarnations
        isMessage = frame.isMessage
        switch frame.content {
        case .message(let sequence, _, _, _), .part(let sequence, _): place = sequence
        case .acknowledgement(let through): place = through
        }
    }
}
