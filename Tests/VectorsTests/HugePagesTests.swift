import Testing

@testable import Vectors

@Suite struct HugePagesTests {
    /// What lies in memory stays what it is, however often pages are asked for.
    @Test func numbersStay() {
        var pages = HugePages()
        var payloads: [Payload] = []
        for index in 0..<1500 {
            payloads.append(Payload([Float](repeating: Float(index), count: 8192)))
            if index % 500 == 0 { pages.follow() }
        }
        pages.follow()
        for (index, payload) in payloads.enumerated() {
            payload.read { span in #expect(span.indices.allSatisfy { span[$0] == Float(index) }) }
        }
    }

    #if os(Linux)
        /// A block is found within the memory that is asked for.
        @Test func blocksAreAmongWhatIsAskedFor() {
            let payload = Payload([Float](repeating: 1, count: 1 << 22))
            payload.read { span in
                span.withUnsafeBufferPointer { numbers in
                    let address = UInt(bitPattern: numbers.baseAddress)
                    #expect(HugePages.writable.contains { $0.contains(address) })
                }
            }
        }
    #endif
}
