import Graphs

/// A peer's trust in its neighbours, from what they do and what others say of them.
///
/// Citation: after A. Ghaderzadeh, M. Kargahi, M. Reshadi, DisTriB: distributed trust management model based on gossip
/// learning and Bayesian networks in collaborative computing systems, Journal of Advances in Computer Research 8(4),
/// 2017, of which only the abstract is public; and A. Jøsang, R. Ismail, The beta reputation system, 15th Bled
/// Electronic Commerce Conference, 2002.
///
/// Update rule. For each neighbour j and aspect a, over the last T observations, the newest of which has the age 0:
///
///     r, s  <- sums of f^age over the good ones and over the bad ones
///     e_ja  <- (r + 1) / (r + s + 2)                       e_j <- the least of them, seen n_j times
///     good_k, n_k <- f times what they were + what was seen of k in this round + d times what neighbours handed over
///     E_j   <- (e_j m + c good_j) / (m + c n_j),           m = n_j seen + 2,  c = min(1, m / n_j heard)
///
/// good_k and n_k are push-sum's numerator and weight: in the round of subject k a peer keeps one share of them and
/// hands each neighbour one. A share is taken in, times the trust d in who hands it over, only where good/n is within
/// `deviation` of e_k, which of a stranger is 1/2; praise of one that was hardly seen is believed, too.
///
/// Assumptions: more than half of a peer's neighbours are honest; byzantine peers may say what they like of others.
///
/// Departures: DisTriB's networks and tables are not public. An aspect has the two outcomes of a beta estimate, and the
/// least aspect counts, so that none outweighs another; what is heard never counts for more than what was seen.
struct Trust: Sendable, Codable {
    let settings: TrustSettings
    let me: PeerID
    private let peers: Int
    private var neighbours: [PeerID: NeighbourRecord]
    private var opinions: [PeerID: Opinion] = [:]

    /// Observations without which a peer has no opinion of its own by which to test others'.
    private static let leastCount = 3.0

    init(_ settings: TrustSettings, me: PeerID, peers: Int, neighbours: [PeerID]) {
        self.settings = settings
        self.me = me
        self.peers = peers
        self.neighbours = Dictionary(
            neighbours.map { ($0, NeighbourRecord(settings)) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: What is seen

    /// Takes note of how a neighbour did, an outcome an aspect in the settings' order; nil where there was nothing to
    /// see.
    mutating func record(_ outcomes: [Bool?], of peer: PeerID) {
        neighbours[peer]?.record(outcomes, settings)
        let seen = outcomes.compactMap(\.self)
        guard !seen.isEmpty else { return }
        opinions[peer, default: Opinion()].add(Opinion(good: seen.contains(false) ? 0 : 1, count: 1))
    }

    /// Nothing was seen of a neighbour for so long.
    mutating func fade(_ peer: PeerID, rounds: UInt64) {
        neighbours[peer]?.fade(rounds, settings)
    }

    /// How far the neighbour is trusted, from 0 to 1; a stranger 0.5.
    func estimate(of peer: PeerID) -> Double {
        guard let own = neighbours[peer]?.estimate(settings) else { return 0.5 }
        let heard = opinions[peer, default: Opinion()]
        let weight = own.count + 2
        let share = heard.count > weight ? weight / heard.count : 1
        return (own.value * weight + share * heard.good) / (weight + share * heard.count)
    }

    /// Whether enough was seen of the neighbour for an opinion of one's own.
    func isKnown(_ peer: PeerID) -> Bool {
        neighbours[peer].map { $0.estimate(settings).count >= Self.leastCount } ?? false
    }

    /// The estimate as it is told.
    func level(of peer: PeerID) -> Int { Int((estimate(of: peer) * Double(TrustReport.levels)).rounded()) }

    // MARK: What is said

    /// Of whom peers speak in a round: all of the same one.
    func subject(_ round: UInt64) -> PeerID { PeerID(Int(round % UInt64(peers))) }

    /// Takes out of what is known of a peer one of so many shares, for one who is told it.
    mutating func handOut(of subject: PeerID, shares: Int) -> Opinion {
        opinions[subject, default: Opinion()].share(1 / Double(shares))
    }

    /// The share has gone to another.
    mutating func handed(_ share: Opinion, of subject: PeerID) { opinions[subject]?.remove(share) }

    /// Takes in what another says of a peer, if it may be true.
    mutating func hear(_ opinion: Opinion, of subject: PeerID, from referrer: PeerID) {
        let trust = estimate(of: referrer)
        guard subject != me, subject != referrer, opinion.count > 0, trust >= settings.threshold else { return }
        // What is bad is believed of nobody who was not seen to be, a stranger neither.
        let own = neighbours[subject]?.estimate(settings) ?? (value: 0.5, count: 0)
        guard opinion.value >= own.value - settings.deviation else { return }
        guard opinion.value <= own.value + settings.deviation || own.count < Self.leastCount else { return }
        opinions[subject, default: Opinion()].add(opinion, weight: trust)
    }

    /// A round is over: what was heard counts for less.
    mutating func age() {
        for peer in opinions.keys { opinions[peer]?.fade(settings.forgetting) }
    }

    // MARK: Rest

    func isResting(_ peer: PeerID, round: UInt64) -> Bool { neighbours[peer]?.isResting(round) ?? false }

    mutating func rest(_ peer: PeerID, from round: UInt64) { neighbours[peer]?.rest(from: round, settings) }

    /// Its neighbours in order, as they stand in a round.
    func standings(_ round: UInt64) -> [TrustStanding] {
        neighbours.sorted { $0.key < $1.key }.map { peer, record in
            let estimate = estimate(of: peer)
            let isResting = record.isResting(round)
            return TrustStanding(
                peer: peer, trust: isResting ? min(estimate, settings.threshold) : estimate,
                firstRest: record.firstRest)
        }
    }
}
