import Gossip
import Graphs
import Runtime

/// The links of a simulated open network, and what their peers have sent over them. Changed in its place: a copy would
/// be one of all links and messages.
final class OpenNetwork {
    let settings: OpenSettings
    /// By peer, those with whom it keeps a link: the peer's place for each is one more than where it stands here.
    let partners: [[PeerID]]
    var links: [SimulatedLink] = []
    /// By peer, where its links lie, in the order of its partners.
    private(set) var linksOf: [[Int]]
    var book = MessageBook()
    /// What each peer's node was seen to do in the event under way.
    var sights: [NodeSight] = []
    /// Those who have begun, and those who have been asked to leave.
    var begun: Set<PeerID> = []
    var leaving: Set<PeerID> = []

    init(_ settings: OpenSettings) {
        self.settings = settings
        let partners = settings.partners
        self.partners = partners
        linksOf = partners.map { [Int](repeating: 0, count: $0.count) }
        for (index, others) in partners.enumerated() {
            for (place, other) in others.enumerated() where other.rawValue > index {
                linksOf[index][place] = links.count
                if let back = partners[other.rawValue].firstIndex(of: PeerID(index)) {
                    linksOf[other.rawValue][back] = links.count
                }
                links.append(SimulatedLink(peers: [PeerID(index), other]))
            }
        }
    }

    /// A peer's place for another one.
    func place(of other: PeerID, at peer: PeerID) -> PeerID {
        guard let index = partners[peer.rawValue].firstIndex(of: other) else {
            preconditionFailure("peers \(peer) and \(other) have no link")
        }
        return PeerID(index + 1)
    }

    /// Whom a peer's place stands for.
    func partner(_ place: PeerID, of peer: PeerID) -> PeerID { partners[peer.rawValue][place.rawValue - 1] }

    /// The link between two peers.
    func link(between peer: PeerID, and other: PeerID) -> Int {
        linksOf[peer.rawValue][place(of: other, at: peer).rawValue - 1]
    }

    /// The frame of a node, with the peers that its places stand for.
    func addressed(_ frame: Frame, by peer: PeerID) -> Frame {
        Frame(
            from: peer, to: partner(frame.to, of: peer), incarnations: frame.incarnations, content: frame.content)
    }

    /// The frame as its receiver's node is handed it.
    func placed(_ frame: Frame) -> Frame {
        Frame(
            from: place(of: frame.from, at: frame.to), to: 0, incarnations: frame.incarnations, content: frame.content)
    }
}
