import Testing

@testable import Membership

@Suite struct PatientClockTests {
    @Test func timeThatWasSleptThroughDoesNotCount() {
        var clock = PatientClock()
        #expect(clock.advance(to: 1000, tickSeconds: 0.25) == false)
        #expect(clock.advance(to: 1000.5, tickSeconds: 0.25) == false)
        #expect(clock.seconds == 0.5)
        #expect(clock.advance(to: 1015.5, tickSeconds: 0.25) == true)
        #expect(clock.seconds == 0.75)
    }

    @Test func aClockThatGoesBackStandsStill() {
        var clock = PatientClock()
        _ = clock.advance(to: 10, tickSeconds: 0.25)
        #expect(clock.advance(to: 9, tickSeconds: 0.25) == false)
        #expect(clock.advance(to: 10.25, tickSeconds: 0.25) == false)
        #expect(clock.seconds == 0.25)
    }
}
