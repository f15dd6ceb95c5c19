import Testing

@testable import Gossip

@Suite struct DistanceLimitTests {
    @Test func itIsKnownToAHundredth() throws {
        for exponent in -20..<20 {
            let distance = 1.37 * Double(sign: .plus, exponent: exponent, significand: 1)
            let limit = try #require(DistanceLimit(distance).distance)
            #expect(abs(limit / distance - 1) < 0.01)
        }
        for nothing in [nil, 0, -1, Double.nan, .infinity] { #expect(DistanceLimit(nothing).distance == nil) }
    }

    @Test func farDifferencesAreShortened() {
        let (one, two) = (DistanceLimit(1), DistanceLimit(2))
        #expect(DistanceLimit.share(of: 0.5, one, two) == 1)
        #expect(DistanceLimit.share(of: 4, one, two) == 0.0625)
        #expect(DistanceLimit.share(of: 4, two, one) == 0.0625)
        #expect(DistanceLimit.share(of: 0.5, one, DistanceLimit(nil)) == 0)
        #expect(DistanceLimit.share(of: .infinity, one, two) == 0)
    }

    @Test func theMedianIsTheLowerOne() {
        #expect(DistanceLimit.median([3, 1, 2, 100]) == 2)
        #expect(DistanceLimit.median([0, 0, 5]) == 5)
        #expect(DistanceLimit.median([0, .infinity]) == nil)
    }
}
