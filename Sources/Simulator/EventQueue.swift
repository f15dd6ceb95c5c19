import Gossip
import HeapModule
import Runtime

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
    private var simulationEvents: [SimulationEvent?] = []
    private var free: [Int] = []
    /// Insertions so far.
    var insertions: UInt64 = 0

    var count: Int { heap.count }
    var nextTime: Time? { heap.min?.time }

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
        heap.insert(Entry(time: time, number: number, place: place))
    }

    mutating func popNext() -> (time: Time, number: UInt64, simulationEvent: SimulationEvent)? {
        guard let entry = heap.popMin(), let simulationEvent = simulationEvents[entry.place] else { return nil }
        simulationEvents[entry.place] = nil
        free.append(entry.place)
        return (entry.time, entry.number, simulationEvent)
    }

    func contains(where predicate: (SimulationEvent) -> Bool) -> Bool {
        simulationEvents.contains { $0.map(predicate) ?? false }
    }

    /// Everything in its order, for saving.
    var sorted: [(time: Time, number: UInt64, simulationEvent: SimulationEvent)] {
        heap.unordered.sorted().compactMap { entry in
            simulationEvents[entry.place].map { (entry.time, entry.number, $0) }
        }
    }
}
