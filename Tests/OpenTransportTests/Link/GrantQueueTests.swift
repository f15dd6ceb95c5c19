import Testing

@testable import OpenTransport

@Suite struct GrantQueueTests {
    @Test func soManyAtOnceAndTheOthersInTheirOrder() {
        var queue = GrantQueue<Int>(mostAtOnce: 2)
        #expect([1, 2, 3, 4, 5].flatMap { queue.announce($0) } == [1, 2])
        #expect(queue.release(4) == [])
        #expect(queue.release(2) == [3])
        #expect(queue.release(1) == [5])
        #expect(queue.release(3) == [] && queue.release(5) == [] && queue.announce(1) == [1])
    }
}
