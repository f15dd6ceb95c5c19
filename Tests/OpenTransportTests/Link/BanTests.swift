import Testing

@testable import OpenTransport

@Suite struct BanTests {
    private let second = LinkLimits.second

    @Test func bansDoubleUpToAnHour() {
        var ban = Ban<Int>()
        var now: Int64 = 0
        for span: Int64 in [60, 120, 240, 480, 960, 1920, 3600, 3600] {
            ban.add(1, now: now)
            #expect(ban.contains(1, now: now + span * second - 1) && !ban.contains(1, now: now + span * second))
            now += span * second
        }
        #expect(!ban.contains(2, now: 0))
        now += 3600 * second
        ban.add(1, now: now)
        #expect(!ban.contains(1, now: now + 60 * second))
    }

    @Test func noMoreThanSoManyAreRemembered() {
        var ban = Ban<Int>()
        for number in 0..<5000 { ban.add(number, now: Int64(number)) }
        #expect(!ban.contains(0, now: 5000) && ban.contains(4999, now: 5000))
        #expect((0..<5000).count { ban.contains($0, now: 5000) } == 4096)
    }
}
