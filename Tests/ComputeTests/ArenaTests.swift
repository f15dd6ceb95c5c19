import Randomness
import Testing

@testable import Compute

@Suite struct ArenaTests {
    @Test func buffersOfOneTimeNeverOverlapAndThoseOfOtherTimesShare() {
        var stream = RandomStream(seed: 1, purpose: .test)
        for _ in 0..<50 {
            let lifetimes = (0..<30).map { _ in
                let first = stream.integer(below: 20)
                return Arena.Lifetime(
                    bytes: 1 + stream.integer(below: 5000), first: first, last: first + stream.integer(below: 6))
            }
            let (offsets, bytes) = Arena.place(lifetimes)
            for i in lifetimes.indices {
                #expect(offsets[i] % Arena.alignment == 0)
                #expect(offsets[i] + lifetimes[i].bytes <= bytes)
                for j in lifetimes.indices where j < i {
                    let (a, b) = (lifetimes[i], lifetimes[j])
                    let meet = a.first <= b.last && b.first <= a.last
                    let apart = offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i]
                    #expect(!meet || apart)
                }
            }
            #expect(bytes < lifetimes.map { Arena.rounded($0.bytes) }.reduce(0, +))
        }
    }
}
