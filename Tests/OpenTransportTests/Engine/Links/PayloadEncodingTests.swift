import Testing
import Vectors

@testable import OpenTransport

@Suite struct PayloadEncodingTests {
    @Test func numbersAreRoundedToNearest() {
        #expect(PayloadEncoding.half(1) == 0x3f80)
        #expect(PayloadEncoding.half(-2.5) == 0xc020)
        // Ties go to the even one.
        #expect(PayloadEncoding.half(Float(bitPattern: 0x3f80_8000)) == 0x3f80)
        #expect(PayloadEncoding.half(Float(bitPattern: 0x3f81_8000)) == 0x3f82)
        #expect(PayloadEncoding.half(.infinity) == 0x7f80)
        #expect(PayloadEncoding.half(.greatestFiniteMagnitude) == 0x7f80)
        #expect(PayloadEncoding.half(Float(bitPattern: 0x7f80_0001)) & 0x7fff > 0x7f80)
    }

    @Test func partsComeToLieWhereTheyBelong() {
        let values: [Float] = [1, -2, 3.5, 0, 1000, -0.25]
        for encoding in [PayloadEncoding.fp32, .bf16] {
            let (sent, received) = (Payload(values), PayloadPool().awaited(count: values.count))
            var place = 0
            for part in [0..<2, 2..<5, 5..<6] {
                var bytes: [UInt8] = []
                encoding.append(sent, from: part.lowerBound, count: part.count, to: &bytes)
                #expect(bytes.count == part.count * Int(encoding.bytesPerNumber))
                #expect(encoding.store(bytes, behind: place, in: received))
                place += bytes.count
            }
            #expect(received.array() == values)
        }
        #expect(!PayloadEncoding.bf16.store([1], behind: 0, in: Payload([0])))
    }

    @Test func whatIsNotFiniteIsFound() {
        #expect(Payload([1, -3e38, 0]).isFinite(in: 0..<3))
        #expect(!Payload([1, .infinity]).isFinite(in: 0..<2))
        #expect(!Payload([.nan, 1]).isFinite(in: 0..<2))
        #expect(Payload([.nan, 1]).isFinite(in: 1..<2))
    }
}
