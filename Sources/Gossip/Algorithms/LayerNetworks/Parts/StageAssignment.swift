import Graphs

/// Who does whose work: peers are numbered stage by stage, and the work of a slot whose peer has died goes to the next
/// peer of its stage that lives, around the circle.
struct StageAssignment: Sendable, Codable {
    let me: PeerID
    let stages: Int
    /// Peers of each stage.
    let slots: Int
    private(set) var dead: Set<PeerID> = []

    init(me: PeerID, stages: Int, slots: Int) {
        self.me = me
        self.stages = stages
        self.slots = slots
    }

    /// The stage of this peer.
    var stage: Int { stage(of: me) }
    /// The slot of this peer.
    var slot: Int { me.rawValue % slots }
    var isFirstStage: Bool { stage == 0 }
    var isLastStage: Bool { stage == stages - 1 }

    func stage(of peer: PeerID) -> Int { peer.rawValue / slots }

    mutating func left(_ peer: PeerID) { dead.insert(peer) }

    /// Who does the work of a slot; nil where the stage has died whole.
    func worker(stage: Int, slot: Int) -> PeerID? {
        (0..<slots).lazy.map { PeerID(stage * slots + (slot + $0) % slots) }.first { !dead.contains($0) }
    }

    /// The slots whose work a peer does.
    func slots(of peer: PeerID) -> [Int] {
        (0..<slots).filter { worker(stage: stage(of: peer), slot: $0) == peer }
    }

    /// The other peers of this peer's stage that live.
    var others: [PeerID] { members.filter { $0 != me && !dead.contains($0) } }

    /// The peers of this peer's stage that have died.
    var deadOfStage: [PeerID] { members.filter(dead.contains) }

    private var members: [PeerID] { (0..<slots).map { PeerID(stage * slots + $0) } }
}
