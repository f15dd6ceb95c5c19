import Gossip
import Testing

@testable import Training

@Suite struct SlownessTests {
    @Test func theGradientIsCarriedOutOnceWhateverTheFactor() {
        let clock = RunClock()
        clock.resume()
        for factor in [0.5, 1, 2, 1e9] {
            let slowness = Slowness(clock) { factor }
            // Nobody waits for a peer whose run has ended.
            if factor > 2 { slowness.stop() }
            var count = 0
            let report = slowness.stretch {
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
        let slowness = Slowness(clock) { 3 }
        slowness.stretch { ((), seconds: 0.0002) }
        #expect(slowness.owedSeconds == 0.0004)
        for _ in 0..<10 { slowness.stretch { ((), seconds: 0.0002) } }
        #expect(slowness.owedSeconds < 0.001)
    }
}
