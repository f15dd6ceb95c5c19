import Testing

@testable import Reports

@Suite struct ThinningTests {
    @Test(arguments: [2, 3, 7, 100, 2000]) func keepsBothEndsAndTheOrder(limit: Int) {
        let thinned = Array(0..<12345).thinned(to: limit)
        #expect(thinned.count == limit)
        #expect(thinned.first == 0)
        #expect(thinned.last == 12344)
        let gaps = zip(thinned, thinned.dropFirst()).map { $1 - $0 }
        #expect(gaps.allSatisfy { $0 > 0 })
        #expect((gaps.max() ?? 0) - (gaps.min() ?? 0) <= 1)
    }

    @Test func leavesFewAlone() {
        #expect([1, 2, 3].thinned(to: 3) == [1, 2, 3])
        #expect([Int]().thinned(to: 2) == [])
        #expect([1].thinned(to: 2) == [1])
    }
}
