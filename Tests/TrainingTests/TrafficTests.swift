import Testing

@testable import Training

@Suite struct TrafficTests {
    @Test func everythingThatBeganMustEnd() {
        let traffic = Traffic()
        #expect(traffic.isQuiet)
        traffic.began()
        traffic.recount(1)
        traffic.ended()
        #expect(!traffic.isQuiet)
        traffic.recount(-1)
        #expect(traffic.isQuiet)
    }

    /// What peers say of themselves counts only when nothing began of itself while they were asked.
    @Test func aTimerMakesTheAnswersVoid() {
        let traffic = Traffic()
        #expect(traffic.isQuiet { true })
        #expect(!traffic.isQuiet { false })
        let isQuiet = traffic.isQuiet {
            traffic.beganUnasked()
            traffic.ended()
            return true
        }
        #expect(!isQuiet)
        traffic.began()
        #expect(!traffic.isQuiet { true })
    }
}
