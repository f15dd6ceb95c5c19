public import Graphs

/// How a neighbour stands with a peer that judges its neighbours: for records.
public struct TrustStanding: Sendable, Hashable, Codable {
    /// The neighbour.
    public let peer: PeerID
    /// How far it is trusted, from 0 to 1; at most the threshold while the edge rests.
    public let trust: Double
    /// The round in which the edge was first laid to rest; nil where it never was.
    public let firstRest: UInt64?
}
