import Gossip
import Runtime

/// Takes note of what a node asks, for the simulation to carry out after the node's event. All nodes have one in
/// common, since one of them is at work at a time: it stays in the cache.
final class Outbox {
    @exclusivity(unchecked) private(set) var frames: [Frame] = []
    @exclusivity(unchecked) private(set) var timers: [(timer: NodeTimer, time: Time)] = []
    /// Whether something to compute was asked for.
    @exclusivity(unchecked) private(set) var isAsked = false

    func send(_ frame: Frame) { frames.append(frame) }
    func setTimer(_ timer: NodeTimer, at time: Time) { timers.append((timer, time)) }
    func askToCompute() { isAsked = true }

    /// Forgets all of it.
    func clear() {
        frames.removeAll(keepingCapacity: true)
        timers.removeAll(keepingCapacity: true)
        isAsked = false
    }
}
