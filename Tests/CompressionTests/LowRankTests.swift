import Compression
import Configuration
import Randomness
import Testing
import Vectors

@Suite struct LowRankTests {
    private let layout = CompressionLayout(VectorLayout([("weights", [60, 33]), ("bias", [60])]))

    /// A sum of so many outer products, and a bias.
    private func values(rank: Int, seed: UInt64 = 1) -> [Float] {
        let numbers = Samples.normal(rank * 93 + 60, seed: seed)
        var matrix = [Float](repeating: 0, count: 60 * 33)
        for part in 0..<rank {
            for row in 0..<60 {
                for column in 0..<33 {
                    matrix[row * 33 + column] += numbers[part * 93 + row] * numbers[part * 93 + 60 + column]
                }
            }
        }
        return matrix + numbers.suffix(60)
    }

    @Test func keepsMatricesOfNoHigherRank() throws {
        for rank in 0...2 {
            let values = values(rank: rank)
            let numbers = try Samples.compressor("lowrank").trip(values, layout: layout)
            #expect(squaredError(numbers, values) <= 1e-10 * square(values))
            #expect(numbers.suffix(60) == values.suffix(60))
        }
    }

    @Test func comesNearerFromOneVectorToTheNext() throws {
        let values = values(rank: 8)
        let compressor = try Samples.compressor("lowrank")
        var memory = CompressionMemory()
        let lost = try (0..<30).map { round in
            let bytes = compressor.bytes(values, layout: layout, round: UInt64(round), memory: &memory)
            return squaredError(try compressor.numbers(bytes, layout: layout), values)
        }
        #expect(zip(lost, lost.dropFirst()).allSatisfy { $1 <= $0 * (1 + 1e-4) })
        #expect(lost[29] < 0.95 * lost[0])
    }

    @Test func aMemoryOfAnotherModelIsNoHarm() throws {
        let compressor = try Samples.compressor("lowrank")
        var memory = CompressionMemory()
        _ = compressor.bytes(Samples.normal(), memory: &memory)
        let values = values(rank: 2)
        let bytes = compressor.bytes(values, layout: layout, memory: &memory)
        #expect(try squaredError(compressor.numbers(bytes, layout: layout), values) <= 1e-10 * square(values))
    }

    @Test func goesOnBehindZerosAndNaN() throws {
        let compressor = try Samples.compressor("lowrank")
        var memory = CompressionMemory()
        let values = values(rank: 2)
        for bad in [Float](arrayLiteral: 0, .nan) {
            let all = [Float](repeating: bad, count: layout.count)
            _ = compressor.bytes(all, layout: layout, memory: &memory)
            let bytes = compressor.bytes(values, layout: layout, memory: &memory)
            #expect(try squaredError(compressor.numbers(bytes, layout: layout), values) <= 1e-10 * square(values))
        }
    }
}
