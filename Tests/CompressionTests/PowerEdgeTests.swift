import Compression
import Randomness
import Testing

@Suite struct PowerEdgeTests {
    private let layout = CompressionLayout(extents: [
        (rows: 30, columns: 20), (rows: 1, columns: 30), (rows: 3, columns: 2),
    ])

    /// Two ends of an edge, with models of their own.
    private struct Pair {
        var edges = [PowerEdge(seed: 7), PowerEdge(seed: 7)]
        var models: [[Float]]
        let layout: CompressionLayout
        let rank: Int

        mutating func exchange() {
            var products: [[Float]] = []
            for end in 0..<2 {
                let model = models[end]
                products.append(edges[end].multiply(model.span, rank: rank, layout: layout))
            }
            for end in 0..<2 {
                var model = models[end]
                let other = products[1 - end]
                var span = model.mutableSpan
                edges[end].mix(
                    other.span, isGreater: end == 1, weight: 0.5, into: &span, rank: rank, layout: layout)
                models[end] = model
            }
        }

        var distance: Double { squaredError(models[0], models[1]) }
    }

    private func pair(rank: Int) -> Pair {
        Pair(
            models: [Samples.normal(layout.count, seed: 1), Samples.normal(layout.count, seed: 2)], layout: layout,
            rank: rank)
    }

    @Test(arguments: [1, 2, 5]) func bothEndsComeToTheMean(rank: Int) {
        var pair = pair(rank: rank)
        let sums = zip(pair.models[0], pair.models[1]).map { Double($0) + Double($1) }
        var distances = [pair.distance]
        for _ in 0..<(200 / rank) {
            pair.exchange()
            distances.append(pair.distance)
        }
        // An exchange takes directions away and adds none.
        #expect(zip(distances, distances.dropFirst()).allSatisfy { $1 <= $0 * (1 + 1e-5) + 1e-9 })
        #expect(distances[distances.count - 1] < 1e-4 * distances[0])
        for (index, sum) in sums.enumerated() {
            #expect(abs(Double(pair.models[0][index]) + Double(pair.models[1][index]) - sum) < 1e-4)
        }
    }

    @Test func bothEndsHaveTheSameFactors() {
        var pair = pair(rank: 2)
        for _ in 0..<9 {
            pair.exchange()
            #expect(pair.edges[0].factors == pair.edges[1].factors && pair.edges[0].round == pair.edges[1].round)
        }
    }

    /// A message has rank x (rows or columns) numbers a matrix, and all of what is no matrix.
    @Test func productsAreShort() {
        var edge = PowerEdge(seed: 1)
        #expect(edge.multiply(Samples.normal(layout.count).span, rank: 2, layout: layout).count == 2 * 30 + 30 + 6)
        var pair = pair(rank: 2)
        pair.exchange()
        #expect(pair.edges[0].productCount(rank: 2, layout: layout) == 2 * 20 + 30 + 6)
    }

    /// Of one direction in which models differ, all is gone as soon as the iteration has found it.
    @Test func aDifferenceOfRankOneGoesAtOnce() {
        let matrix = CompressionLayout(extents: [(rows: 30, columns: 20)])
        let (left, right) = (Samples.normal(30, seed: 3), Samples.normal(20, seed: 4))
        let other = (0..<600).map { left[$0 / 20] * right[$0 % 20] }
        var pair = Pair(models: [[Float](repeating: 0, count: 600), other], layout: matrix, rank: 1)
        pair.exchange()
        pair.exchange()
        #expect(pair.distance < 1e-9 * square(other))
        // Nothing is left to find, and what is drawn again does no harm.
        for _ in 0..<4 { pair.exchange() }
        #expect(pair.distance < 1e-9 * square(other))
    }

    @Test func anEdgeOfAnotherModelDoesNotFit() {
        var pair = pair(rank: 2)
        pair.exchange()
        let edge = pair.edges[0]
        let saved = PowerEdge(seed: edge.seed, round: edge.round, factors: edge.factors, product: edge.product)
        #expect(saved.fits(rank: 2, layout: layout))
        #expect(!saved.fits(rank: 3, layout: layout))
        #expect(!saved.fits(rank: 2, layout: CompressionLayout(extents: [(rows: 31, columns: 20)])))
        #expect(PowerEdge(seed: 1).fits(rank: 2, layout: layout))
    }

    @Test func whatIsNoNumberEndsNothing() {
        var pair = pair(rank: 2)
        pair.models[0][5] = .nan
        pair.models[1][40] = .infinity
        for _ in 0..<4 { pair.exchange() }
        #expect(pair.models[0].contains { $0.isNaN })
    }
}
