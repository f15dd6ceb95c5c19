import Gossip
import HeapModule
import Runtime

/// Something that will happen in a simulated world.
enum Happening {
    case frame(Frame)
    /// The gradient that the peer asked for in that life is ready to be computed and told.
    case gradient(PeerID, incarnation: UInt32)
    case timer(PeerID, NodeTimer, incarnation: UInt32)
    /// Something that a peer is told by its surroundings.
    case notice(PeerID, Inbound)
    /// A peer learns that another one's life is over.
    case death(of: PeerID, incarnation: UInt32, told: PeerID)
    /// The event of that number in the fault schedule.
    case fault(Int)
    case checkpoint(PeerID)

    /// Whom it happens to; nil where it is nobody in particular.
    var target: PeerID? {
        switch self {
        case .frame(let frame): frame.to
        case .gradient(let peer, _), .timer(let peer, _, _), .notice(let peer, _), .death(_, _, let peer),
            .checkpoint(let peer):
            peer
        case .fault: nil
        }
    }
}

/// What is to happen, in the order of time; ties are broken by insertion number, so that a seed fixes everything.
struct EventQueue {
    private struct Entry: Comparable {
        let time: Time
        let number: UInt64
        let place: Int

        static func < (a: Entry, b: Entry) -> Bool { (a.time, a.number) < (b.time, b.number) }
        static func == (a: Entry, b: Entry) -> Bool { a.number == b.number }
    }

    /// The heap moves small entries; what they stand for stays in its place.
    private var heap = Heap<Entry>()
    private var happenings: [Happening?] = []
    private var free: [Int] = []
    /// Insertions so far.
    var insertions: UInt64 = 0

    var count: Int { heap.count }
    var nextTime: Time? { heap.min?.time }

    mutating func insert(_ happening: Happening, at time: Time) {
        insertions += 1
        insert(happening, at: time, number: insertions)
    }

    mutating func insert(_ happening: Happening, at time: Time, number: UInt64) {
        let place: Int
        if let last = free.popLast() {
            place = last
            happenings[place] = happening
        } else {
            place = happenings.count
            happenings.append(happening)
        }
        heap.insert(Entry(time: time, number: number, place: place))
    }

    mutating func popNext() -> (time: Time, number: UInt64, happening: Happening)? {
        guard let entry = heap.popMin(), let happening = happenings[entry.place] else { return nil }
        happenings[entry.place] = nil
        free.append(entry.place)
        return (entry.time, entry.number, happening)
    }

    func contains(where predicate: (Happening) -> Bool) -> Bool {
        happenings.contains { $0.map(predicate) ?? false }
    }

    /// Everything in its order, for saving.
    var sorted: [(time: Time, number: UInt64, happening: Happening)] {
        heap.unordered.sorted().compactMap { entry in
            happenings[entry.place].map { (entry.time, entry.number, $0) }
        }
    }
}
