import Foundation
import TestKit
import Testing

@testable import Records

@Suite struct RunFollowerTests {
    private func untilOver(_ follower: inout RunFollower) -> [RunFollower.News] {
        var news: [RunFollower.News] = []
        for _ in 0..<100 {
            news += follower.next()
            if case .over = news.last { break }
        }
        return news
    }

    @Test func aRunThatIsOverIsReplayed() throws {
        let folder = try TemporaryFolder()
        try folder.write("metrics.jsonl", Array("a\nb\ntorn".utf8))
        try folder.write("summary.json", Array("{}".utf8))
        var follower = try #require(RunFollower(folder: folder.path))
        #expect(untilOver(&follower) == [.line(Array("a".utf8)), .line(Array("b".utf8)), .over(summary: "{}")])
        #expect(follower.next() == [])
    }

    /// While somebody holds the lock, the run goes on, whatever lies there of an earlier one; without summary and
    /// writer it is over after some patience.
    @Test func theLockTellsWhetherItGoesOn() throws {
        let folder = try TemporaryFolder()
        try folder.write("summary.json", Array("{}".utf8))
        #expect(!RunLock.isHeld(folder.path))
        var lock: RunLock? = try RunLock(folder.path)
        #expect(RunLock.isHeld(folder.path))
        var follower = try #require(RunFollower(folder: folder.path))
        #expect(untilOver(&follower) == [])
        withExtendedLifetime(lock) {}
        lock = nil
        try FileManager.default.removeItem(atPath: "\(folder.path)/summary.json")
        #expect(untilOver(&follower) == [.over(summary: nil)])
    }

    @Test func thereMustBeAFolder() throws {
        let folder = try TemporaryFolder()
        #expect(RunFollower(folder: "\(folder.path)/none") == nil)
        try folder.write("file", [])
        #expect(RunFollower(folder: "\(folder.path)/file") == nil)
        let follower = try #require(RunFollower(folder: folder.path))
        #expect(follower.settings.isEmpty)
        try folder.write("config.yaml", Array("algorithm: {name: gosgd}\n".utf8))
        #expect(follower.settings.map(\.key) == ["algorithm.name"])
        try folder.write("config.yaml", Array("[[[".utf8))
        #expect(follower.settings.isEmpty)
    }
}
