import Gossip
import Graphs
import Runtime

/// A peer in a simulated world: its node, what the node asked for, and what became of it. Checked for exclusive access
/// as little as `Simulation` is.
final class SimulatedPeer {
    /// Its number in the world; on an open network its node knows itself by its place.
    let me: PeerID
    let computation: Computation
    /// Watches it; nil where nobody does.
    let tracer: (any PeerTracer)?
    /// Seconds that the gradient of a step takes, the first step being 0.
    let computeSeconds: (UInt64) -> Double
    @exclusivity(unchecked) var isAlive = true
    /// Whether what it has asked to have computed was handed to other threads.
    var isComputedAhead = false
    /// How often it has come back.
    var incarnation: UInt32 = 0
    /// How far its clock is ahead of the world's.
    var clockOffset: Int64 = 0
    /// When its pause ends, while it is paused.
    @exclusivity(unchecked) var pausedUntil: Time?
    /// The frames that wait for the end of its pause.
    @exclusivity(unchecked) var waiting: Set<FrameKey> = []
    /// Its timers that have not rung, by the world's time.
    @exclusivity(unchecked) var timers: [TimerID: Time] = [:]
    /// The time that its gradients and passes took, to the nanosecond: who waits for nobody has waited for none.
    @exclusivity(unchecked) var computingTime = Time.zero
    /// What its batches came to since somebody asked.
    var lossTally = LossTally()
    /// What it computed of passes, and when; nil where it has computed none.
    var timeline: PassTimeline?
    /// When what is being computed began.
    var computingSince = Time.zero
    /// Since when it has steps to make and computes nothing, and how long it waited so for messages, by their sender.
    var waitingSince: Time?
    var waits: [PeerID: Double] = [:]
    /// Its steps that were over after its last event.
    @exclusivity(unchecked) var stepsOver: UInt64 = 0
    /// When it had made its last step.
    var lastStepAt = Time.zero
    /// Its checkpoints, the last behind the one before.
    var checkpoints: [SavedPeer] = []
    /// When it was saved last, or came back, or woke up from a pause: what it has done since is lost when it dies.
    var savedAt = Time.zero
    @exclusivity(unchecked) var node: Node

    init(
        me: PeerID, node: consuming Node, computation: Computation,
        tracer: (any PeerTracer)?, computeSeconds: @escaping (UInt64) -> Double
    ) {
        self.me = me
        self.tracer = tracer
        self.node = node
        self.computation = computation
        self.computeSeconds = computeSeconds
    }

    /// What its own clock shows at a moment of the world.
    func clock(at now: Time) -> Time { Time(nanoseconds: now.nanoseconds + clockOffset) }

    /// The moment of the world at which its clock will show that time, if it does not jump.
    func moment(of time: Time) -> Time { Time(nanoseconds: time.nanoseconds - clockOffset) }

    /// Counts what was computed, if a batch is over by it.
    func count(_ computed: Inbound) {
        switch computed {
        case .gradientReady(let report): lossTally.count(report)
        case .passAdvanced(let report) where report.stop == nil: lossTally.count(report)
        default: break
        }
    }

    func saved() -> SavedPeer {
        let (words, numbers) = node.state()
        return SavedPeer(node: words, numbers: numbers, computation: computation.saved(), timers: timers)
    }

    func restore(_ saved: SavedPeer) throws(StateError) {
        try node.restore(saved.node, saved.numbers)
        stepsOver = node.stepsOver
        try computation.restore(saved.computation)
        timers = saved.timers
    }
}
