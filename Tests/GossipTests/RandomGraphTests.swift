import Configuration
import Gossip
import Graphs
import Testing

@Suite struct RandomGraphTests {
    private func regular(_ peers: Int, _ degree: Int, seed: UInt64 = 1) throws -> Graph {
        try Graph("random-regular", peers: peers, seed: seed, options: Options(["degree": .integer(degree)]))
    }

    private func random(_ peers: Int, _ probability: Double, seed: UInt64 = 1) throws -> Graph {
        try Graph("erdos-renyi", peers: peers, seed: seed, options: Options(["probability": .number(probability)]))
    }

    private func lists(_ graph: Graph) -> [[PeerID]] {
        (0..<graph.peers).map { graph.neighbours(of: PeerID($0)) }
    }

    @Test(arguments: [(2, 1), (3, 2), (9, 2), (8, 3), (8, 7), (7, 4), (20, 5), (21, 18), (501, 6)])
    func regularGraphsAreRegularAndConnected(peers: Int, degree: Int) throws {
        for seed: UInt64 in 1...5 {
            let graph = try regular(peers, degree, seed: seed)
            #expect(lists(graph).allSatisfy { $0.count == degree })
            #expect(graph.isConnected)
        }
    }

    @Test func theSeedDrawsTheGraph() throws {
        #expect(try lists(regular(20, 3, seed: 5)) == lists(regular(20, 3, seed: 5)))
        #expect(try lists(regular(20, 3, seed: 5)) != lists(regular(20, 3, seed: 6)))
        #expect(try lists(random(20, 0.4, seed: 5)) == lists(random(20, 0.4, seed: 5)))
        #expect(try lists(random(20, 0.4, seed: 5)) != lists(random(20, 0.4, seed: 6)))
    }

    /// Of the 15 pairs of six peers each must be an edge equally often: 3/5 of the cubic graphs hold it.
    @Test func regularGraphsFavourNoPair() throws {
        let draws = 3000
        var counts: [Int: Int] = [:]
        for seed in 0..<UInt64(draws) {
            let graph = try regular(6, 3, seed: seed)
            for (peer, others) in lists(graph).enumerated() {
                for other in others where other.rawValue > peer { counts[peer * 6 + other.rawValue, default: 0] += 1 }
            }
        }
        #expect(counts.count == 15)
        // Five standard deviations of a binomial count.
        let spread = 5 * (0.6 * 0.4 * Double(draws)).squareRoot()
        for count in counts.values { #expect(abs(Double(count) - 0.6 * Double(draws)) < spread) }
    }

    @Test func edgesComeWithTheirProbability() throws {
        let graph = try random(600, 0.1)
        let edges = Double(lists(graph).reduce(0) { $0 + $1.count }) / 2
        let pairs = 600.0 * 599 / 2
        #expect(abs(edges - 0.1 * pairs) < 5 * (0.09 * pairs).squareRoot())
        #expect(try lists(random(7, 1)).allSatisfy { $0.count == 6 })
    }

    /// At the first draw one in three of these falls apart; what comes out never does.
    @Test func whatIsNotConnectedIsDrawnAgain() throws {
        for seed: UInt64 in 0..<50 { #expect(try random(10, 0.25, seed: seed).isConnected) }
    }

    @Test func whatCannotBeIsRefused() {
        #expect(
            throws: ConfigurationError(
                key: "probability",
                "none of 100 graphs of 50 peers drawn with probability 0.001 was connected; take one well above "
                    + "ln(50) / 50 = 0.079")
        ) { try random(50, 0.001) }
        #expect(throws: ConfigurationError.self) { try random(2, 0) }
        #expect(
            throws: ConfigurationError(
                key: "degree",
                "5 peers with 3 neighbours each would need half an edge; choose an even degree or an even number of "
                    + "peers")
        ) { try regular(5, 3) }
        #expect(
            throws: ConfigurationError(
                key: "degree", "4 peers have 3 others each, not 4; choose a degree below 4")
        ) { try regular(4, 4) }
        #expect(
            throws: ConfigurationError(
                key: "degree", "with one neighbour each, 4 peers fall into pairs; choose 2 or more")
        ) { try regular(4, 1) }
        #expect(throws: ConfigurationError.self) { try regular(1, 2) }
    }
}
