import Testing

@testable import MembershipTrials

/// What `docs/open-network.md` promises of groups of 200, everybody reachable or half of them behind NAT. Seconds are
/// those of the world, so that a slow machine changes nothing.
@Suite struct MembershipTrialTests {
    @Test(arguments: [0, 0.5]) func aJoinerIsLinkedAndKnownSoon(shareBehindNAT: Double) throws {
        var trial = MembershipTrial(peers: 200, shareBehindNAT: shareBehindNAT, seed: 3)
        #expect(trial.world.rightDirectoriesShare == 1 && trial.world.componentCount == 1)
        trial.join()
        #expect(try #require(trial.figures[.firstLink]) <= 0.4)
        #expect(try #require(trial.figures[.allLinks]) <= 2.3)
        #expect(try #require(trial.figures[.known]) <= 2.3)
        trial.quiet()
        #expect(try #require(trial.figures[.quietTraffic]) <= 2.2)
    }

    @Test(arguments: [0, 0.5]) func theDeadAreForgotten(shareBehindNAT: Double) throws {
        var trial = MembershipTrial(peers: 200, shareBehindNAT: shareBehindNAT, seed: 4)
        trial.kill()
        // The silence, what was still under way, and a look every quarter of a second.
        #expect(try #require(trial.figures[.noDeadLink]) <= 12.5)
        #expect(try #require(trial.figures[.rightAfterKill]) <= 31)
        #expect(trial.world.rightDirectoriesShare == 1 && trial.world.componentCount == 1)
    }

    @Test(arguments: [0, 0.5]) func aPartitionHeals(shareBehindNAT: Double) throws {
        var trial = MembershipTrial(peers: 200, shareBehindNAT: shareBehindNAT, seed: 5)
        trial.partition()
        #expect(try #require(trial.figures[.healed]) <= 1.5)
        #expect(try #require(trial.figures[.crossLinks]) <= 58)
        #expect(try #require(trial.figures[.rightAfterHeal]) <= 31)
        #expect(trial.world.rightDirectoriesShare == 1 && trial.world.componentCount == 1)
        #expect(0.35...0.65 ~= trial.world.crossLinksShare)
    }

    @Test(arguments: [0, 0.5]) func whoPausesIsThereAgain(shareBehindNAT: Double) throws {
        var trial = MembershipTrial(peers: 200, shareBehindNAT: shareBehindNAT, seed: 6)
        trial.pause()
        #expect(try #require(trial.figures[.rightAfterPause]) <= 30)
        #expect(trial.world.rightDirectoriesShare == 1 && trial.world.componentCount == 1)
    }

    @Test(arguments: [0, 0.5]) func turnoverIsLivedThrough(shareBehindNAT: Double) throws {
        var trial = MembershipTrial(peers: 200, shareBehindNAT: shareBehindNAT, seed: 7)
        trial.churn()
        #expect(try #require(trial.figures[.churnTraffic]) <= 3.6)
        #expect(try #require(trial.figures[.rightAfterChurn]) <= 32)
        #expect(trial.world.componentCount == 1)
    }
}
