import Synchronization

/// The peers that are open in this process, by the tokens that stand for them outside. No token is used twice, so that
/// one of a closed peer leads nowhere.
enum OpenPeers {
    private struct Table {
        var lastToken: UInt = 0
        var peers: [UInt: PeerHost] = [:]
    }

    private static let table = Mutex(Table())

    /// Takes a peer in. Throws where another one has some of its tensors.
    static func add(_ peer: PeerHost) throws(BridgeError) -> OpaquePointer {
        let token = table.withLock { table -> UInt? in
            let mine = peer.tensors.ranges
            let isTaken = table.peers.values.contains { other in
                other.tensors.ranges.contains { theirs in mine.contains { $0.overlaps(theirs) } }
            }
            guard !isTaken else { return nil }
            table.lastToken += 1
            table.peers[table.lastToken] = peer
            return table.lastToken
        }
        guard let token, let pointer = OpaquePointer(bitPattern: token) else {
            throw BridgeError(.invalid, "another peer trains these parameters already; close it first")
        }
        return pointer
    }

    /// The peer that the token stands for.
    static func peer(_ token: OpaquePointer?) throws(BridgeError) -> PeerHost {
        let peer = table.withLock { $0.peers[UInt(bitPattern: token)] }
        guard let peer else { throw BridgeError(.closed, "the peer is closed; open another one") }
        return peer
    }

    /// The peer is no longer open; nil where it was not.
    static func remove(_ token: OpaquePointer?) -> PeerHost? {
        table.withLock { $0.peers.removeValue(forKey: UInt(bitPattern: token)) }
    }
}
