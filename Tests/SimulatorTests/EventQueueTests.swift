import Gossip
import Randomness
import Testing

@testable import Simulator

@Suite struct EventQueueTests {
    private func number(_ simulationEvent: SimulationEvent) -> Int {
        guard case .fault(let number) = simulationEvent else { return -1 }
        return number
    }

    @Test func timeDecidesAndThenTheOrderOfInsertion() {
        var queue = EventQueue()
        for (index, time) in [30, 10, 20, 10, 30, 10].enumerated() {
            queue.insert(.fault(index), at: Time(nanoseconds: Int64(time)))
        }
        #expect(queue.count == 6 && queue.nextTime == Time(nanoseconds: 10))
        var order: [Int] = []
        while let next = queue.popNext() { order.append(number(next.simulationEvent)) }
        #expect(order == [1, 3, 5, 2, 0, 4])
        #expect(queue.nextTime == nil && queue.count == 0)
    }

    /// Against a list that is sorted again each time, with insertions between the removals.
    @Test(arguments: UInt64(0)..<20) func isASortedList(seed: UInt64) {
        var random = RandomStream(seed: seed, purpose: .test)
        var queue = EventQueue()
        var list: [(time: Int64, number: Int)] = []
        for number in 0..<300 {
            let time = Int64(random.integer(below: 20))
            queue.insert(.fault(number), at: Time(nanoseconds: time))
            list.append((time, number))
            guard random.bernoulli(0.6), let least = list.min(by: { $0 < $1 }) else { continue }
            list.removeAll { $0 == least }
            let next = queue.popNext()
            #expect(
                next?.time.nanoseconds == least.time && next.map { self.number($0.simulationEvent) } == least.number)
        }
        #expect(queue.sorted.map { number($0.simulationEvent) } == list.sorted { $0 < $1 }.map(\.number))
        #expect(queue.count == list.count)
    }

    /// What is put back from a saved world keeps its number, so ties stay as they were.
    @Test func savedEntriesKeepTheirPlace() {
        var queue = EventQueue()
        queue.insert(.fault(2), at: .zero, number: 9)
        queue.insert(.fault(1), at: .zero, number: 4)
        queue.insertions = 9
        queue.insert(.fault(3), at: .zero)
        #expect(queue.sorted.map(\.number) == [4, 9, 10])
    }
}
