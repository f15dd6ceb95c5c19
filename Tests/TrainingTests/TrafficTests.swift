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

    /// What peers say of themselves counts only when nothing began while they were asked, and ended before the second
    /// look.
    @Test func whatBeganAndEndedMeanwhileMakesTheAnswersVoid() throws {
        let traffic = Traffic()
        let before = try #require(TerminationDetector([0: traffic.count]))
        #expect(TerminationDetector([0: traffic.count]) == before)
        traffic.began()
        #expect(TerminationDetector([0: traffic.count]) == nil)
        traffic.ended()
        #expect(TerminationDetector([0: traffic.count]) != before)
    }

    /// A frame that has left one process and not come to the other is under way, though neither holds it.
    @Test func framesBetweenProcessesAreUnderWay() {
        let (here, there) = (Traffic(ranks: 3), Traffic(ranks: 3))
        let third = Traffic(ranks: 3)
        func isQuiet(_ counts: [Int: Traffic.Count]) -> Bool { TerminationDetector(counts) != nil }
        var all: [Int: Traffic.Count] { [0: here.count, 1: there.count, 2: third.count] }
        here.began()
        here.left(for: 1)
        #expect(here.isQuiet && there.isQuiet && !isQuiet(all))
        there.arrived(from: 0)
        #expect(!isQuiet(all))
        there.ended()
        #expect(isQuiet(all))
        // What went to a process that is gone is under way no more.
        here.began()
        here.left(for: 2)
        #expect(!isQuiet(all))
        #expect(isQuiet([0: here.count, 1: there.count]))
    }
}
