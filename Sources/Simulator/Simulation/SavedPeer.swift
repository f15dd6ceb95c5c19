import Gossip
import Runtime
import Vectors

/// A peer between two events: its node, its learner with the gradient under way, its timers.
struct SavedPeer: Codable {
    var node: NodeState
    var numbers: StateDict
    var environment: StateDict
    var timers: [TimerID: Time]
}
