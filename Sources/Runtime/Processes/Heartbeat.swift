/// Who lives, by what is heard.
///
/// A rank beats for its partners, who beat for it, four times within the time after which silence counts as crash.
/// Whatever arrives counts as a beat. Times are seconds of the caller's clock.
package struct Heartbeat: Sendable {
    let timeoutSeconds: Double
    /// The ranks that are listened to, and when each was heard last.
    private var heard: [Int: Double]
    private var nextHeartbeat: Double
    private var last: Double

    /// Begins to listen to these ranks.
    package init(partners: [Int], timeoutSeconds: Double, now: Double) {
        self.timeoutSeconds = timeoutSeconds
        heard = Dictionary(uniqueKeysWithValues: partners.map { ($0, now) })
        nextHeartbeat = now
        last = now
    }

    /// Those who are to hear from this rank now.
    package mutating func due(now: Double) -> [Int] {
        // Time in which this process itself stood still says nothing about the others.
        if now - last > timeoutSeconds / 4 { for rank in heard.keys { heard[rank]? += now - last } }
        last = now
        guard now >= nextHeartbeat else { return [] }
        nextHeartbeat = now + timeoutSeconds / 4
        return heard.keys.sorted()
    }

    /// Something has come from a rank.
    package mutating func hear(_ rank: Int, now: Double) {
        if heard[rank] != nil { heard[rank] = now }
    }

    /// Those of whom nothing has been heard for too long; each is named once.
    ///
    /// - Parameter bytesUnderWay: How many bytes are under way to or from a rank, which may be busy with nothing else:
    ///   a library may copy all of them in one call. It gets the time for them at 100 MB/s.
    package mutating func silent(now: Double, bytesUnderWay: (Int) -> Int = { _ in 0 }) -> [Int] {
        let silent = heard.filter { rank, last in
            now - last > timeoutSeconds && now - last > timeoutSeconds + 1e-8 * Double(bytesUnderWay(rank))
        }.keys.sorted()
        for rank in silent { heard[rank] = nil }
        return silent
    }

    /// That rank is neither listened to nor beaten for any more.
    package mutating func forget(_ rank: Int) { heard[rank] = nil }
}
