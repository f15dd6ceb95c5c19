package import Configuration

/// Which peers live on which rank: learners in contiguous blocks whose sizes differ by one at most, and every server
/// alone on a rank behind them. On one rank all live together.
package struct RankLayout: Sendable, Hashable {
    package let learners: Int
    package let servers: Int
    package let ranks: Int

    /// Everybody in one process.
    package init(learners: Int, servers: Int) {
        (self.learners, self.servers, ranks) = (learners, servers, 1)
    }

    /// Throws `ConfigurationError` for fewer peers than ranks, which would leave a rank without any.
    package init(learners: Int, servers: Int, ranks: Int) throws(ConfigurationError) {
        (self.learners, self.servers, self.ranks) = (learners, servers, ranks)
        guard ranks > 1 else { return }
        guard ranks > servers else {
            throw ConfigurationError(
                key: "transport.name",
                "a server has a rank of its own behind the learners'; start \(servers + 1) ranks or more"
            )
        }
        guard learners >= ranks - servers else {
            let behind = servers > 0 ? " and \(servers) behind them for a server" : ""
            throw ConfigurationError(
                key: "peers",
                "\(learners) learners do not occupy \(ranks - servers) ranks\(behind); start fewer ranks, or give "
                    + "peers=\(ranks - servers) or more")
        }
    }

    private var learnerRanks: Int { ranks - servers }

    /// The peers of a rank: learners from 0, servers from `learners` upward.
    package func peers(of rank: Int) -> Range<Int> {
        guard ranks > 1 else { return 0..<(learners + servers) }
        guard rank < learnerRanks else {
            let server = learners + rank - learnerRanks
            return server..<(server + 1)
        }
        return (rank * learners / learnerRanks)..<((rank + 1) * learners / learnerRanks)
    }

    /// The learners among them.
    package func learners(of rank: Int) -> Range<Int> { peers(of: rank).clamped(to: 0..<learners) }

    package func rank(of peer: Int) -> Int {
        guard ranks > 1 else { return 0 }
        guard peer < learners else { return learnerRanks + peer - learners }
        // The largest rank whose block begins at the peer or before it.
        return ((peer + 1) * learnerRanks - 1) / learners
    }
}
