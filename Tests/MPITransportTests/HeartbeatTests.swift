import Runtime
import Testing

@testable import MPITransport

@Suite struct HeartbeatTests {
    @Test func heartbeatsGoInAStar() {
        var centre = Heartbeat(rank: 0, count: 4, timeoutSeconds: 8, now: 0)
        var ray = Heartbeat(rank: 2, count: 4, timeoutSeconds: 8, now: 0)
        var alone = Heartbeat(rank: 0, count: 1, timeoutSeconds: 8, now: 0)
        #expect(centre.due(now: 0) == [1, 2, 3])
        #expect(ray.due(now: 0) == [0])
        #expect(alone.due(now: 0) == [])
    }

    @Test func fourHeartbeatsFitIntoTheTimeout() {
        var centre = Heartbeat(rank: 0, count: 2, timeoutSeconds: 8, now: 0)
        let heartbeats = (0..<80).filter { !centre.due(now: Double($0) / 10).isEmpty }
        #expect(heartbeats == [0, 20, 40, 60])
    }

    @Test func whoIsNotHeardIsToldOnce() {
        var centre = Heartbeat(rank: 0, count: 3, timeoutSeconds: 8, now: 0)
        for now in 1...8 {
            _ = centre.due(now: Double(now))
            centre.hear(1, now: Double(now))
        }
        #expect(centre.silent(now: 8) == [])
        #expect(centre.silent(now: 8.1) == [2])
        #expect(centre.silent(now: 9) == [])
        // Nobody beats for the dead, and what still comes of them changes nothing.
        centre.hear(2, now: 9)
        #expect(centre.due(now: 9.5) == [1])
        #expect(centre.silent(now: 30) == [1])
    }

    /// A process that was stopped itself has heard nobody, and nobody is to blame.
    @Test func timeInWhichThisProcessStoodStillDoesNotCount() {
        var ray = Heartbeat(rank: 1, count: 2, timeoutSeconds: 8, now: 0)
        for now in 1...3 { _ = ray.due(now: Double(now)) }
        _ = ray.due(now: 1003)
        #expect(ray.silent(now: 1003) == [])
        for now in 1004...1008 { _ = ray.due(now: Double(now)) }
        #expect(ray.silent(now: 1007.9) == [])
        #expect(ray.silent(now: 1008.1) == [0])
    }

    @Test func whoIsBusyWithABigPayloadGetsTheTimeForIt() {
        var centre = Heartbeat(rank: 0, count: 3, timeoutSeconds: 8, now: 0)
        for now in 1...9 { _ = centre.due(now: Double(now)) }
        #expect(centre.silent(now: 9) { $0 == 1 ? 1_000_000_000 : 0 } == [2])
        for now in 10...18 { _ = centre.due(now: Double(now)) }
        #expect(centre.silent(now: 17.9) { _ in 1_000_000_000 } == [])
        #expect(centre.silent(now: 18.1) { _ in 1_000_000_000 } == [1])
    }

    @Test func whoIsForgottenIsNeitherToldNorBeatenFor() {
        var centre = Heartbeat(rank: 0, count: 3, timeoutSeconds: 8, now: 0)
        centre.forget(1)
        #expect(centre.due(now: 1) == [2])
        #expect(centre.silent(now: 9) == [2])
    }
}
