import Configuration
import Gossip
import Graphs
import Runtime

/// What a simulated run has seen so far.
public struct SimulationStatistics: Sendable, Hashable, Codable {
    /// Happenings handled.
    public internal(set) var events = 0
    /// Frames with messages that were handed to the network, repetitions among them; acknowledgements are not counted,
    /// neither here nor in the next two.
    public internal(set) var messages = 0
    /// Messages that reached their receiver, some more than once.
    public internal(set) var delivered = 0
    /// Messages that did not: lost, cut off, sent to a dead peer, or found corrupted.
    public internal(set) var dropped = 0
    /// Frames that the network carried twice.
    public internal(set) var duplicated = 0
    /// Frames on whose way bits flipped.
    public internal(set) var corrupted = 0
    /// Peers that died, each time counted.
    public internal(set) var crashes = 0
    /// Peers that came back from a checkpoint.
    public internal(set) var restarts = 0
    /// Peers that joined late.
    public internal(set) var joins = 0
    /// Peers that left on purpose.
    public internal(set) var leaves = 0
    /// Connections made on an open network.
    public internal(set) var connections = 0
    /// Times that an end of such a connection found it broken.
    public internal(set) var linkBreaks = 0
    /// Times that a doubt behind a broken link ran out.
    public internal(set) var doubtsOver = 0
    /// A number that two runs share when they handled the same things at the same times: FNV-1a, word by word, over
    /// the time, kind, peers and message of each. Of integers only, so that no rounding can tell two machines apart.
    public internal(set) var digest = Fingerprint().value

    mutating func count(_ simulationEvent: SimulationEvent, at now: Time) {
        events += 1
        add(UInt64(bitPattern: now.nanoseconds))
        switch simulationEvent {
        case .frame(let frame):
            add(frame.to, kind: 1)
            add(frame.from, kind: 0)
            switch frame.content {
            case .message(let sequence, let id, _, _):
                add(sequence)
                add(id.rawValue)
            case .part(let sequence, _): add(sequence)
            case .acknowledgement(let through): add(~through)
            }
        case .gradient(let peer, let incarnation): add(peer, kind: 2, incarnation)
        case .timer(let peer, _, let incarnation): add(peer, kind: 3, incarnation)
        case .notice(let peer, _): add(peer, kind: 4)
        case .crash(let dead, let incarnation, let peer):
            add(peer, kind: 5)
            add(dead, kind: 0, incarnation)
        case .fault(let index): add(PeerID(index), kind: 6)
        case .checkpoint(let peer): add(peer, kind: 7)
        case .link(let event, let peer):
            add(peer, kind: 8)
            add(PeerID(event.link), kind: 0, UInt32(truncatingIfNeeded: event.connection))
        case .cut: add(PeerID(0), kind: 9)
        }
    }

    private mutating func add(_ peer: PeerID, kind: UInt64, _ incarnation: UInt32 = 0) {
        add(UInt64(peer.rawValue) | kind << 56 | UInt64(incarnation) << 32)
    }

    private mutating func add(_ word: UInt64) { digest = Fingerprint.step(digest, word) }
}
