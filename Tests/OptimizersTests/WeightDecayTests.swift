import Randomness
import Testing
import Vectors

@testable import Optimizers

@Suite struct WeightDecayTests {
    private func decayed(
        _ gradient: [Float], at parameters: [Float], _ decay: WeightDecay, from start: Int = 0
    ) -> [Float] {
        var vector = FlatVector([Float](repeating: .nan, count: gradient.count))
        vector.write {
            decay.apply(
                gradient.span, at: parameters.span, in: start..<(start + gradient.count), into: &$0, .next)
        }
        return vector.array()
    }

    private func numbers(_ count: Int, round: UInt64) -> [Float] {
        var stream = RandomStream(seed: 1, purpose: .test, round: round)
        return (0..<count).map { _ in Float(stream.normal()) }
    }

    @Test func itKeepsToItsRanges() {
        let (ones, parameters): ([Float], [Float]) = ([1, 1, 1, 1, 1], [1, 2, 3, 4, 5])
        #expect(decayed(ones, at: parameters, WeightDecay(2, in: [1..<3])) == [1, 5, 7, 1, 1])
        #expect(decayed(ones, at: parameters, WeightDecay(2, in: [0..<1, 3..<4])) == [3, 1, 1, 9, 1])
        #expect(decayed(ones, at: parameters, WeightDecay(2, in: [])) == ones)
    }

    /// A part of a vector knows where it lies: ranges may begin before it, end behind it or miss it.
    @Test func rangesCountFromTheBeginningOfTheWhole() {
        let (ones, parameters): ([Float], [Float]) = ([1, 1, 1], [1, 2, 3])
        #expect(decayed(ones, at: parameters, WeightDecay(2, in: [0..<11, 12..<90]), from: 10) == [3, 1, 7])
        #expect(decayed(ones, at: parameters, WeightDecay(2, in: [0..<10, 13..<90]), from: 10) == ones)
        #expect(decayed(ones, at: parameters, WeightDecay(2), from: 10) == [3, 5, 7])
    }

    @Test(arguments: [0, 1, 3, 4, 5, 8, 15, 16, 17, 33, 1000, 1023]) func itIsThePlainLoop(count: Int) {
        let (parameters, start) = (numbers(count, round: 1), numbers(count, round: 2))
        #expect(
            decayed(start, at: parameters, WeightDecay(0.01)) == zip(start, parameters).map { $0 + 0.01 * $1 })
    }
}
