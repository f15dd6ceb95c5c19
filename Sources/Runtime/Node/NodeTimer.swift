public import Gossip

/// A timer of the algorithm or of the session beneath it.
public enum NodeTimer: Sendable, Hashable, Codable {
    case algorithm(TimerID)
    case retransmission
}
