import Testing

@testable import MPITransport

@Suite struct PollingPolicyTests {
    private let pollingPolicy = PollingPolicy()

    @Test func anAnswerSoonIsWaitedForAwake() {
        #expect(pollingPolicy.napSeconds(quietSeconds: 0, bytesUnderWay: nil) == 0)
        #expect(pollingPolicy.napSeconds(quietSeconds: 39e-6, bytesUnderWay: 0) == 0)
        #expect(pollingPolicy.napSeconds(quietSeconds: 40e-6, bytesUnderWay: nil) > 0)
    }

    /// Whoever comes after a quiet time waits an eighth of it at the most, or the shortest nap.
    @Test func napsGrowWithTheQuietTimeUpToALimit() {
        var last = 0.0
        for microseconds in stride(from: 40.0, to: 50_000, by: 37) {
            let nap = pollingPolicy.napSeconds(quietSeconds: microseconds * 1e-6, bytesUnderWay: nil)
            #expect(nap >= last)
            #expect(nap <= max(microseconds * 1e-6 / 8, pollingPolicy.shortestNapSeconds))
            last = nap
        }
        #expect(last > 1e-3)
        #expect(pollingPolicy.napSeconds(quietSeconds: 8e-3, bytesUnderWay: nil) == 1e-3)
        #expect(pollingPolicy.napSeconds(quietSeconds: 32e-3, bytesUnderWay: nil) == 1e-3)
        #expect(pollingPolicy.napSeconds(quietSeconds: 64e-3, bytesUnderWay: nil) == 2e-3)
        #expect(pollingPolicy.napSeconds(quietSeconds: 1, bytesUnderWay: nil) == 4e-3)
    }

    @Test func bytesUnderWayKeepItAwakeForTheTimeTheyMayTake() {
        #expect(pollingPolicy.napSeconds(quietSeconds: 0.01, bytesUnderWay: 45_000_000) == 0)
        #expect(pollingPolicy.napSeconds(quietSeconds: 0.012, bytesUnderWay: 45_000_000) == 1e-3)
    }

    @Test func bytesUnderWayAreLookedForEachMillisecond() {
        #expect(pollingPolicy.napSeconds(quietSeconds: 1e-3, bytesUnderWay: 0) == 125e-6)
        #expect(pollingPolicy.napSeconds(quietSeconds: 10, bytesUnderWay: 0) == 1e-3)
    }

    @Test func whileAllComputeItNapsAtOnce() {
        func nap(_ quietSeconds: Double) -> Double {
            pollingPolicy.napSeconds(quietSeconds: quietSeconds, bytesUnderWay: 45_000_000, isAwaited: false)
        }
        // What moves goes on.
        #expect(nap(0) == 0)
        #expect(nap(1e-6) == 2e-3)
        #expect(nap(10) == 2e-3)
    }
}
