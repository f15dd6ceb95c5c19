import Foundation
import TestKit
import Testing

@Suite struct BenchLinkTests {
    private struct Link: Decodable {
        let megabytes: Int
        let gbPerS: Double
        let opensslGbPerS: Double
        let ratio: Double
    }

    @Test func aModelGoesOverALinkAndOverOpenSSLAlone() throws {
        try withTemporaryFolder { folder in
            let called = try Command.call(
                "bench", "link", "--megabytes", "1", "--pairs", "1", "--json", in: folder)
            #expect(called.code == 0, "\(called.errors)")
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            let link = try decoder.decode(Link.self, from: Data(called.output.utf8))
            #expect(link.megabytes == 1 && link.gbPerS > 0 && link.opensslGbPerS > 0)
            #expect(abs(link.ratio - link.gbPerS / link.opensslGbPerS) < 1e-9)
        }
    }

    @Test func whatIsNoSizeOfAModelIsRefused() throws {
        try withTemporaryFolder { folder in
            let called = try Command.call("bench", "link", "--megabytes", "0", in: folder)
            #expect(called.code == 64 && called.errors.contains("--megabytes is 0, and needs 1 to 1000"))
        }
    }
}
