import Testing

@testable import MPITransport

@Suite struct PaceTests {
    private let pace = Pace()

    @Test func anAnswerSoonIsWaitedForAwake() {
        #expect(pace.napSeconds(quietSeconds: 0, bytes: nil) == 0)
        #expect(pace.napSeconds(quietSeconds: 99e-6, bytes: nil) == 0)
        #expect(pace.napSeconds(quietSeconds: 100e-6, bytes: nil) > 0)
    }

    /// Whoever comes after a quiet time waits an eighth of it at the most, or the shortest nap.
    @Test func napsGrowWithTheQuietTimeUpToALimit() {
        var last = 0.0
        for microseconds in stride(from: 100.0, to: 50_000, by: 37) {
            let nap = pace.napSeconds(quietSeconds: microseconds * 1e-6, bytes: nil)
            #expect(nap >= last)
            #expect(nap <= max(microseconds * 1e-6 / 8, pace.shortestNapSeconds))
            last = nap
        }
        #expect(last > 1e-3)
        #expect(pace.napSeconds(quietSeconds: 8e-3, bytes: nil) == 1e-3)
        #expect(pace.napSeconds(quietSeconds: 32e-3, bytes: nil) == 1e-3)
        #expect(pace.napSeconds(quietSeconds: 64e-3, bytes: nil) == 2e-3)
        #expect(pace.napSeconds(quietSeconds: 1, bytes: nil) == 4e-3)
    }

    @Test func bytesUnderWayKeepItAwakeForTheTimeTheyMayTake() {
        #expect(pace.napSeconds(quietSeconds: 1e-3, bytes: 0) == 0)
        #expect(pace.napSeconds(quietSeconds: 0.09, bytes: 45_000_000) == 0)
        #expect(pace.napSeconds(quietSeconds: 10, bytes: 45_000_000) == 200e-6)
    }
}
