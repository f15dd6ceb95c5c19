import Gossip
import Synchronization
import Testing

@testable import Training

@Suite struct StragglerDelayTests {
    @Test func theGradientIsCarriedOutOnceWhateverTheFactor() {
        let clock = RunClock()
        clock.resume()
        for factor in [0.5, 1, 2, 1e9] {
            let stragglerDelay = StragglerDelay(clock) { factor }
            // Nobody waits for a peer whose run has ended.
            if factor > 2 { stragglerDelay.stop() }
            var count = 0
            let report = stragglerDelay.stretch {
                count += 1
                return ("done", seconds: 0.002)
            }
            #expect(count == 1 && report == "done")
        }
    }

    /// What is too short to be waited for each time is waited for together.
    @Test func noTimeIsOwedForLong() {
        let clock = RunClock()
        clock.resume()
        let stragglerDelay = StragglerDelay(clock) { 3 }
        stragglerDelay.stretch { ((), seconds: 0.0002) }
        #expect(stragglerDelay.owed.withLock { $0 } == 0.0004)
        for _ in 0..<10 { stragglerDelay.stretch { ((), seconds: 0.0002) } }
        #expect(stragglerDelay.owed.withLock { $0 } < 0.001)
    }
}
