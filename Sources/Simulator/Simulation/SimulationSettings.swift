public import Conditions
public import Gossip
public import Graphs
import Runtime
import Wire

/// The world of a simulation: its network, its machines, what goes wrong, and the seed that fixes all of it.
public struct SimulationSettings: Sendable {
    /// Latency, bandwidth and losses of the links.
    public var network: NetworkSettings
    /// Compute times and checkpoints of the peers.
    public var machines: MachineSettings
    /// Without faults that are still to be drawn.
    public var faults: FaultList
    /// What all draws of the simulation depend on.
    public var seed: UInt64
    /// The graph in which everybody waits in every round for those who send to it, where the algorithm does so: a peer
    /// that computes is at most one round ahead of them.
    public var lockStepGraph: Graph?
    /// The links of an open network; nil where the network is closed: everybody speaks to everybody, and hears of every
    /// crash and return.
    public var open: OpenSettings?
    /// When every peer must have made its steps; nil where only an empty queue ends the run.
    public var deadline: Time?

    /// By default a fast network of machines that are equally quick, with no lock step and no deadline.
    public init(
        network: NetworkSettings = NetworkSettings(), machines: MachineSettings = MachineSettings(),
        faults: FaultList, seed: UInt64 = 1, lockStepGraph: Graph? = nil, deadline: Time? = nil
    ) {
        self.network = network
        self.machines = machines
        self.faults = faults
        self.seed = seed
        self.lockStepGraph = lockStepGraph
        self.deadline = deadline
    }

    /// Whether frames can vanish, so that senders must remember them.
    var dropsFrames: Bool { network.loss > 0 || !faults.faults.isEmpty }

    /// Whether dead peers come back, so that they must be saved.
    var hasRestarts: Bool {
        faults.faults.contains { fault in
            if case .crash(_, let window, _) = fault { window.end != nil } else { false }
        }
    }

    /// How long a sender waits for the acknowledgement of a frame with a payload of so many bytes: several times there
    /// and back, besides what it has sent before. Too short only costs repetitions.
    public func retransmissionSeconds(byteCount: Int) -> Double? {
        guard dropsFrames, open == nil else { return nil }
        let thereAndBack = Double(byteCount + 2 * linkCost.headerByteCount) * linkCost.secondsPerByte
        return max(0.005, 6 * network.latency.meanSeconds * (1 + network.latency.spread) + 4 * thereAndBack)
    }

    /// What a frame costs on a link.
    var linkCost: LinkCost {
        LinkCost(
            secondsPerByte: network.bitsPerSecond.map { 8 / $0 } ?? 0, headerByteCount: Frame.leastEncodedByteCount)
    }
}
