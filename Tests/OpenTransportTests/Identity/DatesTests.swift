import Testing

@testable import OpenTransport

@Suite struct DatesTests {
    static let moments: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00Z"), (1_798_135_200, "2026-12-24T18:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
    ]

    @Test(arguments: moments) func isReadAsItIsWritten(_ moment: Int64, _ text: String) {
        #expect(date(moment) == text)
        #expect(seconds(ofDate: text) == moment)
    }

    @Test(arguments: [
        "", "tomorrow", "2026-12-24", "2026-12-24T18:00:00", "2026-12-24 18:00:00Z", "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-12-24T24:00:00Z", "2026-12-24T18:00:00Z ", "2026-12-24T18:00:00+01:00",
        "99999999999-12-24T18:00:00Z", "-2147483648-12-24T18:00:00Z", "2026-1-2T3:4:5Z",
    ]) func whatIsNoMomentIsRefused(_ text: String) {
        #expect(seconds(ofDate: text) == nil)
    }

    @Test func anyNumberHasAText() {
        for moment in [Int64.min, .max] { #expect(!date(moment).isEmpty) }
    }
}
