import Testing

@testable import Membership

@Suite struct NewsLogTests {
    @Test func numbersGoOnWhateverIsForgotten() {
        var log = NewsLog()
        let numbers = (1...600).map { log.append(name($0), isUrgent: $0 == 300) }
        #expect(numbers == Array(1...600))
        #expect(log.urgentEnd == 301)
        log.forget(before: 100)
        #expect(log.start == 1)
        log.forget(before: 501)
        #expect(log.start == 501 && log[501] == name(501) && log.end == 601)
        log.forget(before: 10_000)
        #expect(log.start == 601 && log.end == 601)
    }

    @Test func aLogThatNobodyReadsIsBounded() {
        var log = NewsLog()
        for number in 1...100_000 { _ = log.append(name(UInt64(number)), isUrgent: false) }
        #expect(log.end == 100_001 && log.end - log.start <= 16_384)
    }
}
