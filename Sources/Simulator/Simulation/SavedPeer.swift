import Gossip
import Runtime

/// A peer between two events: its node, its learner with the gradient that it has not heard of, its timers.
struct SavedPeer: Codable {
    var node: NodeState
    var numbers: StateDict
    var computation: SavedComputation
    var timers: [TimerID: Time]
}
