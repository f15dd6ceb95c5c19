import TestKit
import Testing

@testable import Datasets

@Suite struct TarTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func members(_ bytes: [UInt8]) throws -> [(name: String, bytes: [UInt8])] {
        let store = try ByteStore(folder.write("it.tar", bytes), remedy: "get another")
        return try Tar.members(of: store).map { ($0.name, try store.bytes(at: $0.range)) }
    }

    private func problem(_ bytes: [UInt8]) -> String? {
        let error = #expect(throws: DataError.self) { try members(bytes) }
        #expect(error?.kind == .malformed && error?.subject == "\(folder.path)/it.tar")
        return error?.problem
    }

    @Test func filesAreFoundWhereTheyStand() throws {
        let large = [UInt8](repeating: 7, count: 1500)
        let found = try members(
            tarMember("./", [], kind: "5") + tar([("./a/b.jpg", [1, 2, 3]), ("empty", []), ("large", large)]))
        #expect(found.map(\.name) == ["a/b.jpg", "empty", "large"])
        #expect(found.map(\.bytes) == [[1, 2, 3], [], large])
        #expect(try members(tar([])).isEmpty)
    }

    @Test func longNamesAndSizesAreThoseOfPaxAndGNU() throws {
        let name = String(repeating: "folder/", count: 30) + "x.jpg"
        func line(_ key: String, _ value: String) -> String {
            let rest = " \(key)=\(value)\n"
            let length = (rest.utf8.count...).first { rest.utf8.count + "\($0)".utf8.count == $0 } ?? 0
            return "\(length)\(rest)"
        }
        let pax = Array((line("mtime", "1.5") + line("path", name)).utf8)
        let found = try members(
            tarMember("g", Array(line("comment", "none").utf8), kind: "g")
                + tarMember("p", pax, kind: "x") + tarMember("short", [1])
                + tarMember("././@LongLink", Array(name.utf8) + [0], kind: "L", magic: "ustar  \u{0}")
                + tarMember("short", [2], magic: "ustar  \u{0}") + tar([("plain", [3])]))
        #expect(found.map(\.name) == [name, name, "plain"])
        #expect(found.map(\.bytes) == [[1], [2], [3]])
    }

    @Test func whatEndsEarlyIsRefused() {
        let whole = tar([("a", [1]), ("b", [UInt8](repeating: 2, count: 600))])
        #expect(problem(Array(whole.prefix(512 * 3 + 100))) == "ends early: it holds 100 of the 600 bytes of b")
        #expect(
            problem(Array(whole.dropLast(1024)))
                == "ends early: there is no block of zeros, which ends a tar archive, after 2 files")
        #expect(problem([])?.hasSuffix("after 0 files") == true)
        #expect(problem(Array(whole.prefix(512 * 2 + 10)))?.hasSuffix("after 1 files") == true)
    }

    @Test func whatIsNoTarIsRefused() {
        #expect(
            problem([UInt8](repeating: 65, count: 2048))
                == "is no tar archive, or damaged: there is no header at byte 0")
        var damaged = tar([("a", [1]), ("b", [2])])
        damaged[1024] ^= 1
        #expect(problem(damaged) == "is no tar archive, or damaged: there is no header at byte 1024")
    }
}
