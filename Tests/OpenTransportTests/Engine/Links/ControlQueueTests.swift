import Testing

@testable import OpenTransport

@Suite struct ControlQueueTests {
    private let ping = Item(number: 0, content: .ping(Ping(degree: 0, digest: 0, records: [])))

    @Test func itemsGoNoFasterThanTheOtherEndBears() {
        var (queue, outgoing) = (ControlQueue(EngineLimits(), now: 0), OutgoingBytes())
        for _ in 0..<500 { #expect(queue.append(ping) == true) }
        queue.move(to: &outgoing, now: 0)
        #expect(outgoing.count == 400 * ping.encoded.count)
        queue.move(to: &outgoing, now: LinkLimits.second)
        #expect(outgoing.count == 440 * ping.encoded.count)
        queue.moveAll(to: &outgoing)
        #expect(queue.isEmpty && outgoing.count == 500 * ping.encoded.count)
    }

    @Test func whatNobodyTakesIsNotHeldForever() {
        var (queue, count) = (ControlQueue(EngineLimits(), now: 0), 0)
        let large = Item(number: 0, content: .sync(.records, Array(repeating: 0, count: 60_000)))
        while queue.append(large) { count += 1 }
        #expect(count == (2 << 20) / large.encoded.count)
    }
}
