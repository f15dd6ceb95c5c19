import Foundation
import Gossip
import Graphs
import Randomness
import Testing

@testable import Conditions

@Suite struct LinksTests {
    @Test func withoutALimitNothingWaits() {
        for rate in [nil, 0.0] {
            var links = Links(bitsPerSecond: rate)
            #expect(links.departure(from: 0, to: 1, byteCount: 1 << 40, now: Time(seconds: 3)) == Time(seconds: 3))
            #expect(links.busyUntil.count == 0)
        }
    }

    @Test func framesOfOneLinkQueueUp() {
        var links = Links(bitsPerSecond: 8_000)
        #expect(links.departure(from: 0, to: 1, byteCount: 1_000, now: .zero) == Time(seconds: 1))
        #expect(links.departure(from: 0, to: 1, byteCount: 500, now: .zero) == Time(seconds: 1.5))
        #expect(links.departure(from: 0, to: 1, byteCount: 500, now: Time(seconds: 1.25)) == Time(seconds: 2))
        // Idle since then.
        #expect(links.departure(from: 0, to: 1, byteCount: 1_000, now: Time(seconds: 10)) == Time(seconds: 11))
    }

    @Test func everyOrderedPairHasALinkOfItsOwn() {
        var links = Links(bitsPerSecond: 8_000)
        for (from, to) in [(0, 1), (1, 0), (0, 2), (2, 1)] {
            let end = links.departure(from: PeerID(from), to: PeerID(to), byteCount: 1_000, now: .zero)
            #expect(end == Time(seconds: 1))
        }
    }

    /// Whatever is asked, a link carries no more than its bandwidth and keeps the order of its frames.
    @Test(arguments: 1...50) func noLinkCarriesMoreThanItCan(seed: Int) {
        var random = RandomStream(seed: UInt64(seed), purpose: .test)
        var links = Links(bitsPerSecond: 1e6)
        var now = Time.zero
        var last: [[Int]: Time] = [:]
        for _ in 0..<500 {
            now = now + random.uniform(from: 0, to: 0.002)
            let pair = [random.integer(below: 3), random.integer(below: 3)]
            let count = random.integer(below: 400)
            let end = links.departure(from: PeerID(pair[0]), to: PeerID(pair[1]), byteCount: count, now: now)
            let begin = max(now, last[pair] ?? .zero)
            #expect(abs((end - begin) - Double(count) * 8e-6) < 2e-9)
            last[pair] = end
        }
    }

    @Test func idleLinksAreForgotten() {
        var links = Links(bitsPerSecond: 1e9)
        for step in 0..<20_000 {
            let peer = PeerID(step % 10_000)
            _ = links.departure(from: peer, to: 10_000, byteCount: 125, now: Time(seconds: Double(step) * 1e-3))
            #expect(links.busyUntil.count <= 65)
        }
        // All busy at one moment: none may be forgotten.
        for peer in 0..<10_000 {
            _ = links.departure(from: PeerID(peer), to: 10_001, byteCount: 125, now: Time(seconds: 30))
        }
        for peer in 0..<10_000 {
            let end = links.departure(from: PeerID(peer), to: 10_001, byteCount: 125, now: Time(seconds: 30))
            #expect(end == Time(seconds: 30.000002))
        }
    }

    @Test func savedLinksGoOnAsTheyWere() throws {
        var links = Links(bitsPerSecond: 8_000)
        for peer in 0..<9 {
            _ = links.departure(from: PeerID(peer), to: 9, byteCount: 1_000 + peer, now: .zero)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let saved = try encoder.encode(links)
        let back = try JSONDecoder().decode(Links.self, from: saved)
        #expect(back == links)
        #expect(try encoder.encode(back) == saved)
    }
}
