/// The hops 1, 2, 4... below the number of peers, which are ceil(log2 n); no two lead to the same peer.
package struct Hops {
    package let peers: Int
    package let count: Int

    package init(peers: Int) {
        self.peers = peers
        count = Int.bitWidth - (peers - 1).leadingZeroBitCount
    }

    package func receiver(from peer: Int, hop: Int) -> Int { (peer + (1 << hop)) % peers }
    package func sender(to peer: Int, hop: Int) -> Int { (peer + peers - (1 << hop)) % peers }
}
