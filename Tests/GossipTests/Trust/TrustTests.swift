import Configuration
import Graphs
import Testing

@testable import Gossip

/// What one peer makes of others, without a network.
@Suite struct TrustTests {
    private let neighbours = (1...4).map { PeerID($0) }

    private func trust(_ options: [String: OptionValue] = [:]) throws -> Trust {
        Trust(try TrustSettings(Options(options)), me: PeerID(0), peers: 6, neighbours: neighbours)
    }

    @Test func aStrangerIsTrustedByHalf() throws {
        #expect(try trust().estimate(of: PeerID(1)) == 0.5)
        #expect(try trust().estimate(of: PeerID(5)) == 0.5)
    }

    /// Without forgetting, within the window: (r + 1) / (r + s + 2).
    @Test func theEstimateIsThatOfABeta() throws {
        var trust = try trust(["forgetting": .number(1), "window": .integer(50)])
        for round in 0..<20 { trust.record([round % 5 != 0, true], of: PeerID(1)) }
        let own = (16.0 + 1) / (20 + 2)
        // What was seen was said, too, and counts as much again.
        let expected = (own * 22 + 16 * 1) / (22 + 20)
        #expect(abs(trust.estimate(of: PeerID(1)) - expected) < 1e-12)
    }

    @Test(arguments: [5, 20, 200]) func whoChangesIsSeenAfterAWindow(window: Int) throws {
        var trust = try trust(["window": .integer(window), "forgetting": .number(1)])
        func observe(_ isGood: Bool) {
            trust.record([isGood, isGood], of: PeerID(1))
            trust.age()
        }
        for _ in 0..<window { observe(false) }
        let bad = trust.estimate(of: PeerID(1))
        for _ in 0..<window { observe(true) }
        #expect(bad < 0.2)
        // What was seen in the window is nearly sure of it; what is said, which is not forgotten here, halves that.
        #expect(trust.estimate(of: PeerID(1)) > 0.65)
    }

    /// The newest observations outweigh as many old ones.
    @Test func whatIsLongAgoCountsForLess() throws {
        var trust = try trust(["forgetting": .number(0.8)])
        for round in 0..<20 {
            trust.record([round >= 10, true], of: PeerID(1))
            trust.record([round < 10, true], of: PeerID(2))
        }
        #expect(trust.estimate(of: PeerID(1)) > trust.estimate(of: PeerID(2)) + 0.2)
    }

    @Test func theLeastAspectCounts() throws {
        var trust = try trust()
        for _ in 0..<20 { trust.record([true, false], of: PeerID(1)) }
        #expect(trust.estimate(of: PeerID(1)) < 0.15)
    }

    /// A referral far from what was seen is not believed, whoever gives it.
    @Test func slanderIsNotBelieved() throws {
        var trust = try trust()
        for _ in 0..<10 {
            for peer in neighbours { trust.record([true, true], of: peer) }
        }
        let before = trust.estimate(of: PeerID(1))
        for _ in 0..<100 { trust.hear(Opinion(good: 0, count: 30), of: PeerID(1), from: PeerID(2)) }
        #expect(trust.estimate(of: PeerID(1)) == before)
        trust.hear(Opinion(good: 10, count: 10), of: PeerID(1), from: PeerID(2))
        #expect(trust.estimate(of: PeerID(1)) > before)
    }

    /// Nor is the praise of one who was seen to be bad, nor what one says of oneself, nor a distrusted one's word.
    @Test func praiseIsNotBelievedEither() throws {
        var trust = try trust()
        for _ in 0..<10 {
            trust.record([true, false], of: PeerID(1))
            trust.record([true, true], of: PeerID(2))
        }
        let before = trust.estimate(of: PeerID(1))
        trust.hear(Opinion(good: 30, count: 30), of: PeerID(1), from: PeerID(2))
        trust.hear(Opinion(good: 30, count: 30), of: PeerID(1), from: PeerID(1))
        trust.hear(Opinion(good: 0, count: 30), of: PeerID(2), from: PeerID(1))
        #expect(trust.estimate(of: PeerID(1)) == before)
    }

    /// What is heard of one who was not seen yet counts by the trust in the referrer, and never for more than half.
    @Test func strangersAreJudgedByWhatIsHeard() throws {
        var trust = try trust()
        trust.hear(Opinion(good: 30, count: 30), of: PeerID(3), from: PeerID(2))
        #expect(trust.estimate(of: PeerID(3)) > 0.7)
        #expect(trust.estimate(of: PeerID(3)) <= 0.75)
    }

    /// Handing out moves mass and makes none.
    @Test func referralsConserveTheirMass() throws {
        var trust = try trust()
        for _ in 0..<7 { trust.record([true, true], of: PeerID(1)) }
        let share = trust.handOut(of: PeerID(1), shares: 3)
        trust.handed(share, of: PeerID(1))
        #expect(share.count > 2 && share.count <= 7.0 / 3)
        let left = trust.handOut(of: PeerID(1), shares: 1)
        #expect(abs(left.count + share.count - 7) < 0.126)
    }
}
