import Compression
import Configuration
import Randomness
import Testing

@Suite struct TopKTests {
    /// The places that are kept of these numbers, and whether they are kept as they are.
    private func kept(_ values: [Float], ratio: Double) throws -> [Int] {
        let layout = CompressionLayout.whole(values.count)
        let numbers = try Samples.compressor("topk", ["ratio": .number(ratio)]).trip(values, layout: layout)
        for index in values.indices where numbers[index] != 0 { #expect(numbers[index] == values[index]) }
        return values.indices.filter { numbers[$0] != 0 || numbers[$0].sign == .minus }
    }

    /// Sorted by magnitude and, among equal ones, by place.
    private func sorted(_ values: [Float], first: Int) -> [Int] {
        values.indices.sorted { (abs(values[$0]), $1) > (abs(values[$1]), $0) }.prefix(first).sorted()
    }

    @Test func takesTheLargestExactly() throws {
        for (count, ratio) in [(10, 0.3), (1000, 0.01), (40_000, 0.01), (200_000, 0.001), (200_000, 0.01)] {
            let values = Samples.steep(count)
            let wanted = Int((ratio * Double(count)).rounded())
            #expect(try kept(values, ratio: ratio) == sorted(values, first: wanted))
        }
    }

    @Test func takesTheFirstOfEqualOnes() throws {
        for count in [100, 100_000] {
            let ones = [Float](repeating: -1, count: count)
            #expect(try kept(ones, ratio: 0.02) == Array(0..<(count / 50)))
            let few = (0..<count).map { Float($0 % 7 == 3 ? 2 : 1) }
            #expect(try kept(few, ratio: 0.05) == sorted(few, first: count / 20))
            #expect(try kept(few, ratio: 0.5) == sorted(few, first: count / 2))
        }
    }

    @Test func isExactWhereTheSampleMisleads() throws {
        // What a sample at equal distances sees is far from what else there is.
        let count = 8192 * 12
        func numbers(_ outlier: Float, offset: Double) -> [Float] {
            (0..<count).map { index in
                if index % 12 == 0 { return outlier }
                return Float(Double(index) * 1e-6 + offset)
            }
        }
        let large = numbers(1000, offset: 0)
        #expect(try kept(large, ratio: 0.01) == sorted(large, first: 983))
        let small = numbers(1e-9, offset: 1)
        #expect(try kept(small, ratio: 0.01) == sorted(small, first: 983))
    }

    @Test func takesOneOfEachTensorAtLeastAndNaNFirst() throws {
        let compressor = try Samples.compressor("topk", ["ratio": .number(0.001)])
        var values = Samples.normal()
        values[77] = .nan
        let numbers = try compressor.trip(values)
        #expect(numbers[77].isNaN)
        for block in Samples.layout.blocks {
            let wanted = max(1, Int((0.001 * Double(block.count)).rounded()))
            #expect(numbers[block.range].filter { $0 != 0 }.count == wanted)
        }
    }

    @Test func takesAboutFiveBytesForEach() throws {
        let values = Samples.normal(1_000_000)
        let bytes = try Samples.compressor("topk").bytes(values, layout: .whole(values.count))
        // A float, and a place in one byte, or two where it is 128 or more numbers away: 0.99^128 of them.
        #expect((5.2...5.4).contains(Double(bytes.byteCount) / 10_000))
    }

    @Test func refusesBadSettings() {
        for bad in [0, -0.1, 1.5, .nan] {
            #expect(throws: ConfigurationError.self) { _ = try Samples.compressor("topk", ["ratio": .number(bad)]) }
        }
        #expect(throws: ConfigurationError.self) { _ = try Samples.compressor("topk", ["k": .integer(0)]) }
        #expect(throws: ConfigurationError.self) { _ = try Samples.compressor("top", [:]) }
    }
}
