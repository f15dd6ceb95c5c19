import Testing

@testable import OpenTransport

@Suite struct OutgoingBytesTests {
    @Test func whatHasGoneIsForgotten() {
        var (outgoing, sent, taken) = (OutgoingBytes(), [UInt8](), [UInt8]())
        for number in 0..<1000 {
            let more = (0..<100).map { UInt8(truncatingIfNeeded: number + $0) }
            sent += more
            if number % 2 == 0 { outgoing.append(more) } else { outgoing.append { $0 += more } }
            // It is never empty, and never holds much.
            let count = outgoing.count - 7
            taken += outgoing.front.prefix(count)
            outgoing.remove(count)
            #expect(outgoing.count == 7 && outgoing.front.endIndex <= 214)
        }
        #expect(taken + outgoing.front == sent)
        outgoing.remove(7)
        #expect(outgoing.isEmpty)
    }
}
