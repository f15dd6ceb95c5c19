import Randomness
import Testing

@testable import Vectors

/// Each rule beside its plain recursion, and what must hold to the bit.
@Suite struct AggregationRowTests {
    /// Around the width of the blocks in which numbers are sorted.
    private static let lengths = [1, 7, 512, 513, 1300]

    private func row(_ plain: PlainRules, besides: [[WeighedVector]] = []) -> AggregationRow {
        AggregationRow(
            own: Payload(plain.own.map { Float($0) }), weight: plain.ownWeight,
            buckets: plain.others.map { [weighed($0.value, $0.weight)] } + besides, pool: PayloadPool())
    }

    private func weighed(_ values: [Double], _ weight: Double) -> WeighedVector {
        WeighedVector(Payload(values.map { Float($0) }), weight: weight)
    }

    private func off(_ payload: Payload, _ wanted: [Double]) -> Double {
        zip(payload.array(), wanted).map { abs(Double($0) - $1) }.max() ?? 0
    }

    @Test(arguments: [1, 2, 3, 5, 6, 9], lengths) func followsThePlainRecursion(peers: Int, length: Int) {
        for seed in UInt64(0)..<4 {
            var plain = PlainRules(peers: peers, length: length, seed: seed)
            if seed == 3, peers > 1 { plain.ownWeight = 0 }
            let row = row(plain)
            #expect(off(row.median(), plain.median()) <= 1e-5)
            for radius in [0.1, 1, 30] {
                #expect(off(row.clipped(radius: radius, share: 0), plain.clipped(radius)) <= 1e-5)
            }
            #expect(
                off(row.geometricMedian(steps: 8, smoothing: 0.1), plain.geometricMedian(8, 0.1)) <= 1e-5)
            let count = plain.all.count
            for byzantine in 0...2 where count > 2 * byzantine {
                #expect(off(row.trimmedMean(byzantine: byzantine), plain.trimmedMean(byzantine)) <= 1e-5)
            }
            for byzantine in 0...2 where count >= 2 * byzantine + 3 {
                #expect(off(row.krum(byzantine: byzantine, best: 1), plain.krum(byzantine, best: 1)) <= 1e-5)
                #expect(
                    off(row.krum(byzantine: byzantine, best: nil), plain.krum(byzantine, best: count - byzantine))
                        <= 1e-5)
            }
        }
    }

    /// What puts every row of zeros and ones in order does so with all rows.
    @Test(arguments: 1...13) func theNetworkSorts(rows: Int) {
        let network = AggregationRow.network(rows)
        for bits in 0..<(1 << rows) {
            var values = (0..<rows).map { bits >> $0 & 1 }
            for (low, high) in network where values[high] < values[low] { values.swapAt(low, high) }
            #expect(values == values.sorted())
        }
    }

    /// The mistakes that people make are not within the tolerance.
    @Test func mistakesAreToldApart() {
        var plain = PlainRules(peers: 6, length: 40, seed: 1)
        let row = row(plain)
        let right = (row.trimmedMean(byzantine: 1), row.clipped(radius: 50, share: 0), row.median())
        plain.trimsOneSide = true
        #expect(off(right.0, plain.trimmedMean(1)) > 0.01)
        plain.clipsWithoutMinimum = true
        #expect(off(right.1, plain.clipped(50)) > 0.01)
        plain.ownWeight = 0
        #expect(off(right.2, plain.median()) > 0.01)
    }

    /// With nothing to clip or to trim, and weights that are equal, all are the mean to the bit; and a mean is what
    /// `combine` makes of it.
    @Test(arguments: [2, 3, 5, 8]) func withoutDoubtItIsTheMean(peers: Int) {
        let plain = PlainRules(peers: peers, length: 600, seed: 7)
        let row = row(plain)
        var store = VectorStore(count: 600, capacity: 1)
        store.put(FlatVector(plain.own.map { Float($0) }), in: 0)
        let moves = plain.others.map { other in
            VectorStore.Term(
                weight: other.weight, source: .payload(weighed(other.value, 1).vector), origin: .slot(0, 0..<600))
        }
        store.combine(into: 0, range: 0..<600, [VectorStore.Term(weight: 1, source: .slot(0, 0..<600))] + moves)
        let mean = store.snapshot(0, range: 0..<600).array()
        #expect(row.clipped(radius: .infinity, share: 0).array() == mean)
        #expect(row.clipped(radius: .greatestFiniteMagnitude, share: 0).array() == mean)
        #expect(row.clipped(radius: nil, share: 0).array() == mean)
        #expect(row.trimmedMean(byzantine: 0).array() == mean)
    }

    @Test func equalVectorsStayToTheBit() {
        let start: [Double] = [0.1, -3.7, 1234.567, 7e-3, -0.333].map { Double(Float($0)) }
        var plain = PlainRules(peers: 7, length: 5, seed: 1)
        plain.own = start
        plain.others = plain.others.map { ($0.weight, start) }
        let (row, same) = (row(plain), start.map { Float($0) })
        #expect(row.median().array() == same && row.trimmedMean(byzantine: 2).array() == same)
        #expect(row.geometricMedian(steps: 8, smoothing: 0.1).array() == same)
        #expect(row.krum(byzantine: 1, best: nil).array() == same && row.clipped(radius: 0.1, share: 0).array() == same)
        #expect(row.centred(at: row.own).clipped(radius: nil, share: 0.2).array() == same)
        #expect(row.blend(share: 0.5, with: row.nearest(share: 0.4)).array() == same)
    }

    /// Vectors with a number that is not finite are as if they had never come, in whatever bucket.
    @Test func whatIsNotFiniteStaysOutside() {
        let plain = PlainRules(peers: 5, length: 30, seed: 2)
        let bad = [Double.nan, .infinity, -.infinity].map { number -> [WeighedVector] in
            var values = plain.own
            values[17] = number
            return [weighed(values, 0.2)]
        }
        let pair = [bad[0][0], weighed(plain.own, 0.2)]
        let (clean, all) = (row(plain), row(plain, besides: bad + [pair]))
        for rule in Self.rules { #expect(rule(all).array() == rule(clean).array()) }
        var alone = plain
        alone.others = []
        for rule in Self.rules { #expect(rule(row(alone, besides: bad)).array() == plain.own.map { Float($0) }) }
        // Nothing is left to go by where the own vector is none itself: it stays.
        var own = alone
        own.own[3] = .nan
        for rule in Self.rules { #expect(rule(row(own, besides: [[weighed(plain.own, 0.5)]])).array()[3].isNaN) }
    }

    private static let rules: [@Sendable (AggregationRow) -> Payload] = [
        { $0.median() }, { $0.trimmedMean(byzantine: 1) }, { $0.clipped(radius: 1, share: 0) },
        { $0.clipped(radius: nil, share: 0.2) }, { $0.geometricMedian(steps: 8, smoothing: 0.1) },
        { $0.krum(byzantine: 1, best: 1) }, { $0.krum(byzantine: 1, best: nil) },
        { $0.blend(share: 0.5, with: $0.nearest(share: 0.4)) },
    ]

    /// The one that is far out has no say, or as much as the radius.
    @Test func oneByzantineVectorIsOutvoted() {
        var plain = PlainRules(peers: 6, length: 30, seed: 3)
        plain.others = plain.others.map { ($0.weight, zip(plain.own, $0.value).map { $0 + 0.01 * $1 }) }
        let far = [weighed(plain.own.map { _ in 1e20 }, 1.0 / 6)]
        for rule in Self.rules { #expect(off(rule(row(plain, besides: [far])), plain.own) < 0.5) }
    }

    @Test func thePracticalRadiusPassesOverTheMostDistant() {
        var plain = PlainRules(peers: 4, length: 1, seed: 1)
        (plain.own, plain.ownWeight) = ([0], 0.25)
        plain.others = [(0.25, [8]), (0.25, [-1]), (0.25, [2])]
        let row = row(plain)
        func at(_ share: Double) -> Float { row.clipped(radius: nil, share: share).array()[0] }
        #expect(at(0) == 0.25 * (8 - 1 + 2) && at(0.1) == 0.25 * (2 - 1 + 2) && at(0.25) == at(0.1))
        #expect(at(0.26) == 0.25 * (1 - 1 + 1) && at(1) == at(0.26))
    }

    /// A bucket is averaged by its weights, and has them together.
    @Test func bucketsAreAveragedFirst() {
        let row = AggregationRow(
            own: Payload([0]), weight: 0.25, buckets: [[weighed([1], 0.25), weighed([4], 0.5)]], pool: PayloadPool())
        #expect(row.median().array() == [1.5] && row.clipped(radius: 1, share: 0).array() == [0.75])
    }

    /// Of equal scores the first is the better one.
    @Test func krumTakesTheFirstAmongEquals() {
        var plain = PlainRules(peers: 3, length: 1, seed: 1)
        plain.own = [5]
        plain.others = [(1.0 / 3, [1]), (1.0 / 3, [1])]
        #expect(row(plain).krum(byzantine: 0, best: 1).array() == [1])
        plain.others = [(1.0 / 3, [4]), (1.0 / 3, [6])]
        #expect(row(plain).krum(byzantine: 0, best: 1).array() == [5])
    }

    @Test func theNearestShareIsAtLeastOne() {
        var plain = PlainRules(peers: 4, length: 1, seed: 1)
        plain.own = [0]
        plain.others = [(0.25, [3]), (0.25, [-1]), (0.25, [2])]
        let row = row(plain)
        #expect(row.nearest(share: 0).map { $0.array() } == [[-1]])
        #expect(row.nearest(share: 0.7).map { $0.array() } == [[-1], [2]])
        #expect(row.blend(share: 0.5, with: row.nearest(share: 0.7)).array() == [0.25])
    }
}
