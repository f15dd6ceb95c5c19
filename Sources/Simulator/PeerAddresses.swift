import CKernels
import Graphs

/// Where the peers' objects lie. With thousands of peers each has gone from the processor's caches by the time of its
/// next event; while one event is handled the peer of the next one is fetched.
struct PeerAddresses {
    private var addresses: [UInt] = []

    /// About as far as the part of a peer that every event looks at.
    private static let byteCount = 2048

    mutating func append(_ peer: AnyObject) { addresses.append(UInt(bitPattern: ObjectIdentifier(peer))) }

    func prefetch(_ peer: PeerID) { kernel_prefetch(addresses[peer.rawValue], Self.byteCount) }
}
