import Conditions
public import Gossip
public import Graphs
import HeapModule
import Randomness
public import Runtime
import Wire

/// A transport on whose way things go wrong: frames vanish, come twice, late, out of order or corrupted, as a fault
/// list says. What it holds back it sends when its peer next waits for arrivals.
///
/// Chance is drawn from a stream for each link, so that what happens on one does not depend on the others.
public struct FaultyTransport<Base: Transport & ~Copyable>: Transport, ~Copyable {
    private var base: Base
    private let view: FaultView
    private let seed: UInt64
    private let incarnation: UInt64
    private let drop: @Sendable (Frame) -> Void
    /// Told by how many more frames than were sent are under way, or fewer where it is negative.
    private let recount: @Sendable (Int) -> Void
    private var links: [PeerID: RandomStream] = [:]
    private var held = Heap<HeldFrame>()
    private var number: UInt64 = 0

    /// Up to so many seconds a frame is held back that others are to overtake.
    private static var longestReorderingSeconds: Double { 0.02 }

    /// - Parameters:
    ///   - base: what carries the frames that pass.
    ///   - seed: fixes the draws.
    ///   - life: tells the draws of a run that goes on from those of its beginning.
    ///   - drop: told of a frame that vanishes.
    ///   - recount: told when a frame vanishes (-1) or is doubled (1).
    public init(
        _ base: consuming Base, view: FaultView, seed: UInt64, incarnation: UInt64 = 0,
        drop: @escaping @Sendable (Frame) -> Void = { _ in },
        recount: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.base = base
        self.view = view
        self.seed = seed
        self.incarnation = incarnation
        self.drop = drop
        self.recount = recount
    }

    public var me: PeerID { base.me }
    public var waker: Waker { base.waker }

    public mutating func send(_ frame: Frame) {
        guard let (faults, now) = view.active() else { return base.send(frame) }
        var random =
            links[frame.to]
            ?? RandomStream(
                seed: seed, purpose: .network, peer: frame.from.rawValue,
                round: UInt64(frame.to.rawValue) | incarnation << 32)
        defer { links[frame.to] = random }
        guard !faults.drops(from: frame.from, to: frame.to, &random),
            let frame = faults.corrupts(&random) ? frame.corrupted(&random) : frame
        else {
            drop(frame)
            return recount(-1)
        }
        let copies = faults.delaysOfCopies(reorderingSeconds: Self.longestReorderingSeconds, &random)
        if copies.count > 1 { recount(1) }
        for seconds in copies {
            if seconds > 0 { hold(frame, until: now + seconds) } else { base.send(frame) }
        }
    }

    public mutating func receive(until deadline: Time?) -> Inbound? {
        while true {
            let now = view.now()
            while let first = held.min, first.due <= now {
                held.removeMin()
                base.send(first.frame)
            }
            let next = held.min.map { view.moment($0.due) }
            let limit = [deadline, next].compactMap(\.self).min()
            if let inbound = base.receive(until: limit) { return inbound }
            if let deadline, limit == deadline { return nil }
        }
    }

    private mutating func hold(_ frame: Frame, until due: Time) {
        number += 1
        held.insert(HeldFrame(due: due, number: number, frame: frame))
    }
}

/// A frame that leaves later; of two that leave at once the one that was sent first comes first.
private struct HeldFrame: Comparable {
    let due: Time
    let number: UInt64
    let frame: Frame

    static func < (a: HeldFrame, b: HeldFrame) -> Bool { (a.due, a.number) < (b.due, b.number) }
    static func == (a: HeldFrame, b: HeldFrame) -> Bool { (a.due, a.number) == (b.due, b.number) }
}
