import Membership
import Randomness

// What befalls the hosts.
extension World {
    /// Starts this many hosts, evenly over some seconds.
    public mutating func grow(to count: Int, overSeconds duration: Double) {
        for _ in 0..<count {
            _ = start()
            run(seconds: duration / Double(count))
        }
    }

    /// Some of the living, drawn.
    private mutating func drawn(_ share: Double) -> [Int] {
        var all = living
        stream.shuffle(&all)
        return Array(all.prefix(Int((share * Double(all.count)).rounded())))
    }

    /// Kills this share of the hosts.
    public mutating func kill(share: Double) {
        for host in drawn(share) { hosts[host].isAlive = false }
    }

    /// Stops this share of the hosts for some seconds.
    public mutating func pause(share: Double, forSeconds duration: Double) {
        for host in drawn(share) {
            hosts[host].isPaused = true
            schedule(afterSeconds: duration, host, .wakes)
        }
    }

    /// From now on hosts go, each after this mean life, and another one comes in its place.
    public mutating func beginChurn(meanLifeSeconds: Double) {
        churnPauseSeconds = meanLifeSeconds / Double(living.count)
        schedule(afterSeconds: 0, 0, .churn)
    }

    /// Nobody goes or comes any more.
    public mutating func endChurn() { churnPauseSeconds = nil }

    /// One of ten says that it leaves; the others die.
    mutating func churn() {
        guard let pause = churnPauseSeconds else { return }
        let all = living
        let host = all[stream.integer(below: all.count)]
        if stream.bernoulli(0.1) { handle(.leave, host) }
        hosts[host].isAlive = false
        _ = start()
        // Half the squared length of two normal numbers is exponential, as the pauses of a Poisson process are.
        let (one, other) = (stream.normal(), stream.normal())
        schedule(afterSeconds: pause * (one * one + other * other) / 2, 0, .churn)
    }
}
