import Randomness
import Testing

@testable import Membership
@testable import MembershipTrials

@Suite struct WorldTests {
    @Test func theSameSeedGivesTheSameWorld() {
        func told() -> [String] {
            var world = World(seed: 8, shareBehindNAT: 0.5)
            world.grow(to: 30, overSeconds: 3)
            world.beginChurn(meanLifeSeconds: 60)
            world.run(seconds: 60)
            return world.living.map { "\(world.hosts[$0].member.partners)" } + ["\(world.sentByteCount)"]
        }
        #expect(told() == told())
    }

    /// Worlds of faults that follow each other at random: no link outlives the silence, links and table stay within
    /// their limits, and in the end all are one group and know each other; all of whose partners died with it is missed
    /// by its lease.
    @Test(arguments: 0..<24) func whateverHappensItIsOneGroupInTheEnd(seed: Int) {
        var stream = RandomStream(seed: UInt64(seed), purpose: .test)
        var world = World(seed: UInt64(seed), shareBehindNAT: [0, 0.3, 0.5][seed % 3])
        world.grow(to: 16 + stream.integer(below: 24), overSeconds: stream.uniform(from: 0.1, to: 20))
        for _ in 0..<6 {
            switch stream.integer(below: 6) {
            case 0: world.kill(share: 0.15)
            case 1: world.pause(share: stream.uniform(), forSeconds: stream.uniform(from: 1, to: 60))
            case 2: world.part()
            case 3: world.heal()
            case 4: world.beginChurn(meanLifeSeconds: 600)
            default: world.endChurn()
            }
            for _ in 0..<20 {
                world.run(seconds: stream.uniform(from: 0.5, to: 4))
                holds(world)
            }
        }
        world.endChurn()
        world.heal()
        world.run(seconds: 240)
        holds(world)
        // Where all that could be dialed have died the rest is in as many parts as it must be.
        guard world.living.contains(where: { !world.hosts[$0].isBehindNAT }) else { return }
        #expect(world.componentCount == 1)
        if world.rightDirectoriesShare < 1 { world.run(seconds: 1300) }
        #expect(world.rightDirectoriesShare == 1)
        #expect(world.degrees.fewest >= 1)
    }

    private func holds(_ world: World) {
        for host in world.living where !world.hosts[host].isPaused {
            let member = world.hosts[host].member
            let oldest = member.links.map { member.now - $0.heardSeconds }.max() ?? 0
            #expect(oldest <= member.settings.silenceSeconds + MembershipSettings.tickSeconds)
            #expect(member.links.count <= 64 && Set(member.partners).count == member.links.count)
            #expect(member.memberCount == member.members.count && member.members.contains(member.id))
            #expect(member.dials.count < 64 && member.news.end - member.news.start < 16_384)
        }
    }

    /// Fifty start at the same moment and know one address.
    @Test func allMayComeAtOnce() {
        var world = World(seed: 9, shareBehindNAT: 0.5)
        world.grow(to: 50, overSeconds: 0.01)
        world.run(seconds: 30)
        #expect(world.rightDirectoriesShare == 1 && world.componentCount == 1)
        #expect(world.degrees.fewest >= 4)
    }

    /// Whatever the network holds up passes later and in order, so a short cut is a delay.
    @Test func aShortPartitionChangesNothing() {
        var world = World(seed: 10, shareBehindNAT: 0)
        world.grow(to: 20, overSeconds: 2)
        world.run(seconds: 60)
        world.part()
        world.run(seconds: 5)
        #expect(world.rightDirectoriesShare == 1 && world.componentCount == 1)
        world.heal()
        world.run(seconds: 30)
        #expect(world.rightDirectoriesShare == 1 && world.hosts.allSatisfy { $0.member.doubt == 0 })
    }

    @Test func whoeverPausesForLongIsLostAndComesBack() {
        var world = World(seed: 11, shareBehindNAT: 0)
        world.grow(to: 20, overSeconds: 2)
        world.run(seconds: 60)
        world.pause(share: 0.2, forSeconds: 60)
        world.run(seconds: 45)
        // To the four that stopped nothing has happened.
        #expect(world.rightDirectoriesShare == 0.2)
        world.run(seconds: 60)
        #expect(world.rightDirectoriesShare == 1 && world.componentCount == 1)
    }
}
