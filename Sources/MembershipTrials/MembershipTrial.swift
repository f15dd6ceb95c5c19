/// A group in virtual time and what befalls it, one after the other; each gives what it found.
///
/// A figure is nil where what it waits for did not come about in time.
public struct MembershipTrial: Sendable {
    /// The world as it is now, to ask for more.
    public private(set) var world: World
    /// What was found so far.
    public private(set) var figures: [MembershipFigure: Double] = [:]

    /// A group of this many members that has come together and is at rest; founded and joined in 0.05 s a member.
    public init(peers: Int, shareBehindNAT: Double, seed: UInt64) {
        world = World(seed: seed, shareBehindNAT: shareBehindNAT)
        world.grow(to: peers, overSeconds: 0.05 * Double(peers))
        world.run(seconds: 60)
    }

    /// Everything, in this order.
    public mutating func runAll() {
        join()
        quiet()
        kill()
        partition()
        pause()
        churn()
    }

    /// Five more peers join, one after the other; the figures are the median ones.
    public mutating func join() {
        var found: [(first: Double, all: Double, known: Double)] = []
        for _ in 0..<5 {
            let host = world.start()
            let start = world.seconds
            let known = world.secondsUntil(within: 60) { $0.shareKnowing(host) >= 0.99 }
            world.run(seconds: 20)
            let linked = world.hosts[host]
            found.append(
                (
                    first: (linked.firstLinkSeconds ?? .infinity) - start,
                    all: (linked.allLinksSeconds ?? .infinity) - start, known: known ?? .infinity
                ))
        }
        figures[.firstLink] = found.map(\.first).sorted()[2]
        figures[.allLinks] = found.map(\.all).sorted()[2]
        figures[.known] = found.map(\.known).sorted()[2]
    }

    /// Nothing happens for five minutes, in which everybody beats once.
    public mutating func quiet() { figures[.quietTraffic] = traffic(overSeconds: 300) }

    private mutating func traffic(overSeconds duration: Double) -> Double {
        let before = world.sentByteCount
        world.run(seconds: duration)
        return Double(world.sentByteCount - before) / duration / Double(world.living.count) / 1000
    }

    /// One of ten dies at once.
    public mutating func kill() {
        world.kill(share: 0.1)
        let start = world.seconds
        figures[.noDeadLink] = world.secondsUntil(within: 60) { $0.deadLinkCount == 0 }
        figures[.rightAfterKill] = rightSeconds(since: start)
        world.run(seconds: 60)
    }

    private mutating func rightSeconds(since start: Double) -> Double? {
        world.secondsUntil(within: 300) { $0.rightDirectoriesShare >= 0.99 }.map { _ in world.seconds - start }
    }

    /// The network is in two parts for ten minutes, and whole again.
    public mutating func partition() {
        world.part()
        world.run(seconds: 600)
        world.heal()
        let start = world.seconds
        figures[.healed] = world.secondsUntil(within: 120) { $0.componentCount == 1 }
        var crossed: Double?
        figures[.rightAfterHeal] = rightSeconds(since: start)
        if figures[.rightAfterHeal] != nil {
            crossed = world.secondsUntil(within: 300) { $0.crossLinksShare > 0.4 }.map { _ in world.seconds - start }
        }
        figures[.crossLinks] = crossed
        world.run(seconds: 120)
    }

    /// Half of all stop for 15 s at the same time, as when a hypervisor saves them; the time counts from the pause.
    public mutating func pause() {
        world.pause(share: 0.5, forSeconds: 15)
        let start = world.seconds
        world.run(seconds: 15)
        figures[.rightAfterPause] = rightSeconds(since: start)
        world.run(seconds: 60)
    }

    /// Members live ten minutes on average, for five minutes.
    public mutating func churn() {
        world.beginChurn(meanLifeSeconds: 600)
        figures[.churnTraffic] = traffic(overSeconds: 300)
        world.endChurn()
        figures[.rightAfterChurn] = rightSeconds(since: world.seconds)
    }
}
