import Configuration
public import Gossip
public import Graphs
public import Randomness

/// The faults that hold at one moment, put together: probabilities as those of independent mishaps, factors multiplied.
public struct ActiveFaults: Sendable, Hashable {
    /// The chance, 0 to 1, that a frame vanishes.
    public private(set) var dropProbability = 0.0
    /// The chance, 0 to 1, that a frame arrives twice.
    public private(set) var duplicateProbability = 0.0
    /// The chance, 0 to 1, that a frame is held back so that others overtake it.
    public private(set) var reorderProbability = 0.0
    /// The chance, 0 to 1, that bits of a frame flip on its way.
    public private(set) var corruptProbability = 0.0
    private var delays: [Delay] = []
    private var cuts: Set<Pair> = []
    /// The group of each named peer, for every partition.
    private var partitions: [[PeerID: Int]] = []
    private var factors: [PeerID: Double] = [:]
    private var pausedUntil: [PeerID: Time] = [:]
    private var dead: Set<PeerID> = []

    private struct Delay: Hashable {
        let probability: Double
        let seconds: Double
    }

    private struct Pair: Hashable {
        let from: PeerID
        let to: PeerID
    }

    init() {}

    /// Whether no frame passes from one peer to another.
    public func isCut(from: PeerID, to: PeerID) -> Bool {
        if !cuts.isEmpty, cuts.contains(Pair(from: from, to: to)) { return true }
        return partitions.contains { $0[from] != $0[to] }
    }

    /// Whether the next frame from one peer to another vanishes.
    public func drops(from: PeerID, to: PeerID, _ random: inout RandomStream) -> Bool {
        isCut(from: from, to: to) || random.happens(dropProbability)
    }

    /// Whether bits of the next frame flip on its way.
    public func corrupts(_ random: inout RandomStream) -> Bool { random.happens(corruptProbability) }

    /// How many seconds later than others each copy of the next frame sets out, of which there may be two.
    ///
    /// - Parameter reorderingSeconds: Up to how long a frame is held back that others are to overtake.
    public func delaysOfCopies(reorderingSeconds: Double, _ random: inout RandomStream) -> [Double] {
        let count = random.happens(duplicateProbability) ? 2 : 1
        return (0..<count).map { _ in
            let isHeldBack = random.happens(reorderProbability)
            let held = isHeldBack ? random.uniform(from: 0, to: reorderingSeconds) : 0
            return held + delaySeconds(&random)
        }
    }

    /// How many seconds longer the next frame takes: the sum of all delays that meet it.
    public func delaySeconds(_ random: inout RandomStream) -> Double {
        delays.reduce(0) { random.bernoulli($1.probability) ? $0 + $1.seconds : $0 }
    }

    /// How many times as long a peer takes for a gradient.
    public func slowFactor(peer: PeerID) -> Double { factors[peer] ?? 1 }

    /// When the peer's pause ends; nil where it is not paused.
    public func isPaused(peer: PeerID) -> Time? { pausedUntil[peer] }

    /// Whether the peer is down.
    public func isDown(peer: PeerID) -> Bool { dead.contains(peer) }

    mutating func add(_ effect: FaultSchedule.Effect) {
        switch effect {
        case .paused(let peer, let end): pausedUntil[peer] = end
        case .partition(let groups): partitions.append(groups)
        case .fault(let fault): add(fault)
        }
    }

    private mutating func add(_ fault: Fault) {
        switch fault {
        case .drop(let share, _): dropProbability = either(dropProbability, share)
        case .duplicate(let share, _): duplicateProbability = either(duplicateProbability, share)
        case .reorder(let share, _): reorderProbability = either(reorderProbability, share)
        case .corrupt(let share, _): corruptProbability = either(corruptProbability, share)
        case .delay(let share, let span, _): delays.append(Delay(probability: share, seconds: span.seconds))
        case .cut(let from, let to, _): cuts.insert(Pair(from: from, to: to))
        case .slow(let peer, let factor, _): factors[peer, default: 1] *= factor
        case .crash(let peer, _, _), .join(let peer, _): dead.insert(peer)
        case .partition, .pause, .leave, .clock, .byzantine, .random: break
        }
    }

    /// The probability of one or the other, or both.
    private func either(_ first: Double, _ second: Double) -> Double {
        first == 0 ? second : 1 - (1 - first) * (1 - second)
    }
}

extension RandomStream {
    /// Draws whether something happens; what never does costs no draw.
    fileprivate mutating func happens(_ probability: Double) -> Bool { probability > 0 && bernoulli(probability) }
}
