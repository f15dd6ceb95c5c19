import Runs
import Testing

@testable import Training

@Suite struct RankLayoutTests {
    @Test(arguments: [(1, 0, 1), (4, 0, 4), (5, 0, 2), (10, 1, 4), (7, 2, 5), (64, 0, 7), (3, 1, 1)])
    func everyPeerLivesOnOneRank(learners: Int, servers: Int, ranks: Int) throws {
        let layout = try RankLayout(learners: learners, servers: servers, ranks: ranks)
        let blocks = (0..<ranks).map { layout.peers(of: $0) }
        #expect(blocks.flatMap(Array.init) == Array(0..<(learners + servers)))
        for (rank, block) in blocks.enumerated() {
            #expect(!block.isEmpty && block.allSatisfy { layout.rank(of: $0) == rank })
        }
        guard ranks > 1 else { return }
        let sizes = blocks.prefix(ranks - servers).map(\.count)
        #expect(try #require(sizes.max()) - (try #require(sizes.min())) <= 1)
        #expect(blocks.suffix(servers).allSatisfy { $0.count == 1 && $0.lowerBound >= learners })
    }

    @Test func tooManyRanksAreRefused() {
        #expect(throws: (any Error).self) { try RankLayout(learners: 3, servers: 0, ranks: 4) }
        #expect(throws: (any Error).self) { try RankLayout(learners: 3, servers: 1, ranks: 5) }
        #expect(throws: (any Error).self) { try RankLayout(learners: 3, servers: 2, ranks: 2) }
    }
}
