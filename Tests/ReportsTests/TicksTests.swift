import Testing

@testable import Reports

@Suite struct TicksTests {
    @Test func ticksAreRoundAndInside() {
        #expect(Ticks(over: 0...10, count: 5).values == [0, 2, 4, 6, 8, 10])
        #expect(Ticks(over: 3.7...38.4, count: 7).values == [5, 10, 15, 20, 25, 30, 35])
        #expect(Ticks(over: -1...1, count: 4).values == [-1, -0.5, 0, 0.5, 1])
    }

    @Test(arguments: [0.0, 5, -3, 1e-9, 1e20]) func aRangeWithoutExtentIsWidened(value: Double) {
        let ticks = Ticks(over: value...value, count: 5)
        #expect(ticks.range.lowerBound < value && value < ticks.range.upperBound)
        #expect((1...20).contains(ticks.values.count))
    }

    @Test func logarithmicTicksArePowersOfTen() {
        #expect(Ticks(logarithmicOver: 0.5...2000).values == [1, 10, 100, 1000])
        #expect(Ticks(logarithmicOver: 0.9...6).values == [1, 2, 5])
        #expect(Ticks(logarithmicOver: 1.1...1.9).values.map { ($0 * 10).rounded() } == [12, 14, 16, 18])
        #expect((2...9).contains(Ticks(logarithmicOver: 1e-30...1e30).values.count))
        let single = Ticks(logarithmicOver: 3...3)
        #expect(single.range == 1.5...6 && single.values == [2, 5])
    }
}
