/// A tree over the peers 0..<peers, along which values are relayed.
package struct RelayTree: Sendable, Codable {
    package let neighbours: [PeerID]

    /// A row, each peer the neighbour of the one before and the one behind it.
    package static func chain(_ me: PeerID, of peers: Int) -> RelayTree {
        RelayTree(
            neighbours: [me.rawValue - 1, me.rawValue + 1].filter { (0..<peers).contains($0) }.map { PeerID($0) })
    }

    /// Peer 0 at the root, and below peer k the peers 2k + 1 and 2k + 2. Mirrored, the last peer is the root, so that
    /// who is a leaf in one tree bears the other.
    package static func binary(_ me: PeerID, of peers: Int, isMirrored: Bool = false) -> RelayTree {
        let place = isMirrored ? peers - 1 - me.rawValue : me.rawValue
        let above = place > 0 ? [(place - 1) / 2] : []
        let places = above + [2 * place + 1, 2 * place + 2].filter { $0 < peers }
        return RelayTree(neighbours: places.map { PeerID(isMirrored ? peers - 1 - $0 : $0) }.sorted())
    }
}
