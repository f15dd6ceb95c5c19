import Configuration
import Randomness
import Testing

@testable import Compression

@Suite struct CompressorTests {
    @Test(arguments: Samples.settings.indices) func keepsWhatTheoryPromises(_ index: Int) throws {
        let (name, options) = Samples.settings[index]
        let compressor = try Samples.compressor(name, options)
        for values in [Samples.normal(), Samples.steep()] {
            let kept = compressor.keptPart(of: values.span, layout: Samples.layout) ?? 0
            #expect(kept > 0)
            // What is left to chance is right on average.
            let rounds = ["randomk", "qsgd", "lowrank"].contains(name) ? 100 : 1
            let lost = try (0..<rounds).map {
                squaredError(try compressor.trip(values, round: UInt64($0)), values) / square(values) / Double(rounds)
            }.reduce(0, +)
            let slack = rounds > 1 ? 0.02 * (1 - kept) + 1e-9 : 1e-9
            #expect(lost <= 1 - kept + slack, "\(name) \(options): lost \(lost), kept \(kept)")
        }
    }

    @Test(arguments: Samples.settings.indices) func givesTheSameBytesAndNumbersTwice(_ index: Int) throws {
        let (name, options) = Samples.settings[index]
        let compressor = try Samples.compressor(name, options)
        let values = Samples.steep()
        let bytes = compressor.bytes(values)
        #expect(bytes == compressor.bytes(values))
        let (once, twice) = (try compressor.numbers(bytes), try compressor.numbers(bytes))
        #expect(once == twice)
        #expect(bytes.code == compressor.code && bytes.count == values.count)
    }

    @Test(arguments: Samples.settings.indices) func letsNoNumberTrap(_ index: Int) throws {
        let (name, options) = Samples.settings[index]
        let compressor = try Samples.compressor(name, options)
        var values = Samples.normal()
        let odd: [Float] = [.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -0]
        for (place, number) in odd.enumerated() {
            values[place * 37] = number
        }
        let numbers = try compressor.trip(values)
        #expect(numbers.count == values.count)
        if name != "randomk" { #expect(numbers.contains { !$0.isFinite }) }
        let zeros = try compressor.trip([Float](repeating: 0, count: values.count))
        #expect(zeros.allSatisfy { $0 == 0 })
        let huge = [Float](repeating: .greatestFiniteMagnitude, count: values.count)
        _ = try compressor.trip(huge)
        let tiny = [Float](repeating: .leastNonzeroMagnitude, count: values.count)
        _ = try compressor.trip(tiny)
    }

    @Test(arguments: Samples.settings.indices) func takesVectorsOfAnyLength(_ index: Int) throws {
        let (name, options) = Samples.settings[index]
        let compressor = try Samples.compressor(name, options)
        for count in [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 511, 513, 4097] {
            let layout = CompressionLayout.whole(count)
            let values = Samples.normal(count)
            let numbers = try compressor.trip(values, layout: layout)
            #expect(numbers.allSatisfy { $0.isFinite })
            if let kept = compressor.keptPart(of: values.span, layout: layout), !["randomk", "qsgd"].contains(name) {
                #expect(squaredError(numbers, values) <= (1 - kept) * square(values) + 1e-9)
            }
        }
    }

    @Test func refusesVectorsOfOthers() throws {
        let sign = try Samples.compressor("sign")
        let bytes = sign.bytes(Samples.normal())
        let others = [
            CompressedVector(code: 7, count: bytes.count, bytes: bytes.bytes),
            CompressedVector(code: bytes.code, count: bytes.count + 1, bytes: bytes.bytes),
            CompressedVector(code: bytes.code, count: bytes.count, bytes: bytes.bytes + [0]),
        ]
        for other in others {
            #expect(throws: MalformedVector.self) { try sign.numbers(other) }
        }
    }

    @Test(arguments: Samples.settings.indices) func survivesChangedBytes(_ index: Int) throws {
        let (name, options) = Samples.settings[index]
        let compressor = try Samples.compressor(name, options)
        let whole = compressor.bytes(Samples.normal())
        var stream = RandomStream(seed: 9, purpose: .test)
        for _ in 0..<200 {
            var bytes = whole.bytes
            switch stream.integer(below: 4) {
            case 0: bytes.removeLast(min(bytes.count, 1 + stream.integer(below: 9)))
            case 1: bytes.append(UInt8(stream.integer(below: 256)))
            default: break
            }
            for _ in 0..<stream.integer(below: 20) {
                bytes[stream.integer(below: bytes.count)] = UInt8(stream.integer(below: 256))
            }
            let vector = CompressedVector(code: whole.code, count: whole.count, bytes: bytes)
            _ = try? compressor.numbers(vector)
        }
    }
}
