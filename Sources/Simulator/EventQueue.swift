import Gossip
import Graphs
import Runtime

/// What is to happen, in the order of time; ties are broken by insertion number, so that a seed fixes everything.
struct EventQueue {
    private struct Entry: Comparable {
        let time: Time
        let number: UInt64
        let place: Int

        static func < (a: Entry, b: Entry) -> Bool { a.time == b.time ? a.number < b.number : a.time < b.time }
        static func == (a: Entry, b: Entry) -> Bool { a.number == b.number }
    }

    /// A heap in which the children of i are 4 i + 1 to 4 i + 4: half as deep as one of two children each, and four
    /// lie in two lines of memory. It moves small entries; what they stand for stays in its place.
    private var heap: [Entry] = []
    private var simulationEvents: [SimulationEvent?] = []
    private var free: [Int] = []
    /// Insertions so far.
    var insertions: UInt64 = 0

    var count: Int { heap.count }
    var nextTime: Time? { heap.first?.time }

    mutating func insert(_ simulationEvent: SimulationEvent, at time: Time) {
        insertions += 1
        insert(simulationEvent, at: time, number: insertions)
    }

    mutating func insert(_ simulationEvent: SimulationEvent, at time: Time, number: UInt64) {
        let place: Int
        if let last = free.popLast() {
            place = last
            simulationEvents[place] = simulationEvent
        } else {
            place = simulationEvents.count
            simulationEvents.append(simulationEvent)
        }
        heap.append(Entry(time: time, number: number, place: place))
        rise(heap.count - 1)
    }

    mutating func popNext() -> (time: Time, number: UInt64, simulationEvent: SimulationEvent)? {
        guard let entry = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty { sink(last) }
        guard let simulationEvent = simulationEvents[entry.place].take() else { return nil }
        free.append(entry.place)
        return (entry.time, entry.number, simulationEvent)
    }

    /// Whom the next event is for; nil where it is for nobody, or nothing is left to happen.
    var nextTarget: PeerID? { heap.first.flatMap { simulationEvents[$0.place]?.target } }

    /// Moves the entry at that place up to where it belongs.
    private mutating func rise(_ start: Int) {
        let entry = heap[start]
        var place = start
        while place > 0 {
            let parent = (place - 1) / 4
            guard entry < heap[parent] else { break }
            heap[place] = heap[parent]
            place = parent
        }
        heap[place] = entry
    }

    /// Puts an entry in the place of the first, and down to where it belongs.
    private mutating func sink(_ entry: Entry) {
        var place = 0
        while 4 * place + 1 < heap.count {
            var least = 4 * place + 1
            for child in (least + 1)..<max(least + 1, min(least + 4, heap.count)) where heap[child] < heap[least] {
                least = child
            }
            guard heap[least] < entry else { break }
            heap[place] = heap[least]
            place = least
        }
        heap[place] = entry
    }

    func contains(where predicate: (SimulationEvent) -> Bool) -> Bool {
        simulationEvents.contains { $0.map(predicate) ?? false }
    }

    /// Everything in its order, for saving.
    var sorted: [(time: Time, number: UInt64, simulationEvent: SimulationEvent)] {
        heap.sorted().compactMap { entry in
            simulationEvents[entry.place].map { (entry.time, entry.number, $0) }
        }
    }
}
