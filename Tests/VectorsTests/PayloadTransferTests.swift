import Testing

@testable import Vectors

@Suite struct PayloadTransferTests {
    @Test func awaitedNumbersAreWhatIsWrittenToThem() {
        let payload = PayloadPool().awaited(count: 2)
        #expect(payload.bytes.count == 8)
        payload.bytes.copyBytes(from: [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0] as [UInt8])
        #expect(payload.array() == [1, -2.5])
    }

    @Test func theBlockGoesBackToThePool() {
        let pool = PayloadPool()
        func place() -> UnsafeMutableRawPointer? { pool.awaited(count: 100).bytes.baseAddress }
        let first = place()
        #expect(first == place())
        let held = pool.awaited(count: 100)
        #expect(place() != held.bytes.baseAddress)
        #expect(pool.awaited(count: 0).bytes.isEmpty)
    }
}
