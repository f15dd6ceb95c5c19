import Testing

@testable import OpenTransport

@Suite struct TokenBucketTests {
    @Test func whatIsSpentComesBackWithTime() {
        var bucket = TokenBucket(perSecond: 10, most: 20, now: 0)
        #expect(bucket.spend(20, now: 0) && !bucket.spend(1, now: 0))
        #expect(bucket.spend(10, now: LinkLimits.second) && !bucket.spend(1, now: LinkLimits.second))
        #expect(!bucket.spend(21, now: 1000 * LinkLimits.second) && bucket.spend(20, now: 1000 * LinkLimits.second))
        // A clock that goes back gives nothing.
        let isSpent = bucket.spend(1, now: 0)
        #expect(!isSpent)
    }
}
