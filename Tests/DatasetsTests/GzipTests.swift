import Testing

@testable import Datasets

@Suite struct GzipTests {
    /// "murmur", as gzip stores it: header, one stored block, checksum, length.
    private let packed: [UInt8] =
        [31, 139, 8, 0, 0, 0, 0, 0, 2, 3] + [1, 6, 0, 249, 255] + Array("murmur".utf8)
        + [95, 127, 224, 89] + [6, 0, 0, 0]

    @Test func aStoredBlockUnpacks() throws {
        #expect(try Gzip.unpack(packed).get() == Array("murmur".utf8))
    }

    @Test func anEmptyFileUnpacksToNothing() throws {
        let empty: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(try Gzip.unpack(empty).get() == [])
    }

    @Test func aLieAboutTheLengthIsFoundBeforeAnythingIsAllocated() {
        let lie = Array(packed.dropLast(4))
        // Four gigabytes from 25 bytes cannot be; 20000 bytes could, and are not.
        #expect(problem(lie + [255, 255, 255, 255]) == .damaged)
        #expect(problem(lie + [32, 78, 0, 0]) == .damaged)
        #expect(problem(lie + [5, 0, 0, 0]) == .damaged)
        guard case .failure(let problem) = Gzip.unpack(packed, limit: 5) else {
            Issue.record("6 bytes unpacked within a limit of 5")
            return
        }
        #expect(problem == .tooLarge)
    }

    @Test func membersAreJoinedAndZerosBehindThemSkipped() throws {
        let empty: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let once = Array("murmur".utf8)
        #expect(try Gzip.unpack(packed + packed).get() == once + once)
        #expect(try Gzip.unpack(packed + empty + packed + empty).get() == once + once)
        #expect(try Gzip.unpack(packed + [UInt8](repeating: 0, count: 512)).get() == once)
        #expect(try Gzip.unpack(packed + packed + [0]).get() == once + once)
        #expect(problem(packed + packed.dropLast()) == .damaged)
        guard case .failure(.tooLarge) = Gzip.unpack(packed + packed, limit: 11) else {
            Issue.record("12 bytes unpacked within a limit of 11")
            return
        }
    }

    @Test func whatFollowsTheEndIsRefused() {
        #expect(problem(packed + [0, 0, 7]) == .trailing(bytes: 3))
        #expect(problem(packed + Array("more".utf8)) == .trailing(bytes: 4))
    }

    private func problem(_ bytes: [UInt8]) -> Gzip.Problem? {
        guard case .failure(let problem) = Gzip.unpack(bytes) else { return nil }
        return problem
    }
}
