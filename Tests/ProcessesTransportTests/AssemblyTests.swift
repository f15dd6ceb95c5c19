import Foundation
import Synchronization
import TestKit
import Testing

@testable import ProcessesTransport

@Suite struct AssemblyTests {
    private func failure(_ body: () throws -> Void) -> ProcessesError? {
        do { try body() } catch { return error as? ProcessesError }
        return nil
    }

    private func join(_ place: ProcessPlace, within seconds: Double = 1e9) throws -> [Int: LocalSocket] {
        // A second passes with every look.
        var now = 0.0
        return try Assembly(place, Rendezvous(place)).join(within: seconds) {
            now += 1
            return now
        }
    }

    @Test(arguments: [1, 2, 5]) func allRanksMeet(_ count: Int) throws {
        let meeting = try Meeting(count)
        let sockets = Meeting.each(Array(0..<count)) { rank in
            try Assembly(meeting.place(rank), Rendezvous(meeting.place(rank))).join(within: 1) { 0 }
        }
        for rank in 0..<count {
            #expect(try sockets[rank].map { Set(try $0.get().keys) } == Set(0..<count).subtracting([rank]))
        }
        // Only the locks stay, which go with the folder.
        let left = try FileManager.default.contentsOfDirectory(atPath: meeting.path)
        #expect(left.allSatisfy { $0.hasSuffix(".lock") } && left.count == count)
    }

    @Test func whoIsMissingIsNamed() throws {
        let meeting = try Meeting(4)
        let error = failure { _ = try join(meeting.place(1), within: 30) }
        #expect(error == .missing([0, 2, 3], of: 4, seconds: 30, folder: meeting.path))
        #expect(
            error?.finding == "ranks 0, 2 and 3 of 4 have not come to \(meeting.path) within 30 s")
        #expect(error?.remedy.contains("MURMUR_RENDEZVOUS=\(meeting.path)") == true)
    }

    @Test func twoOfOneNumberAreRefused() throws {
        let meeting = try Meeting(2)
        let first = try Rendezvous(meeting.place(1))
        #expect(failure { _ = try Rendezvous(meeting.place(1)) } == .taken(rank: 1, folder: meeting.path))
        withExtendedLifetime(first) {}
    }

    /// Once the first is gone, however it went, the number is free, and what it left is in nobody's way.
    @Test func whatAnEarlierRunLeftIsNotInTheWay() throws {
        let meeting = try Meeting(2)
        do {
            let earlier = try Rendezvous(meeting.place(0))
            _ = try earlier.listen()
        }
        #expect(FileManager.default.fileExists(atPath: "\(meeting.path)/rank-0.sock"))
        let (networks, _) = try meeting.join(networks: 2)
        _ = Meeting.each([0, 1]) { networks[$0].end() }
    }

    @Test func ranksOfDifferentCountsAreNamed() throws {
        let meeting = try Meeting(3)
        let other = ProcessPlace(rank: 0, of: 2, in: meeting.path)
        let results = Meeting.each([0, 1]) { rank in
            let place = rank == 0 ? other : meeting.place(1)
            return try Assembly(place, Rendezvous(place)).join(within: 1) { 0 }
        }
        #expect(
            failure { _ = try results[0]?.get() } == .otherCount(rank: 0, of: 2, other: 1, ofOther: 3))
        #expect(
            failure { _ = try results[1]?.get() } == .otherCount(rank: 1, of: 3, other: 0, ofOther: 2))
    }

    /// Who says what is no handshake, nothing, or comes and goes keeps no run from beginning.
    @Test func strangersAreLeftOut() throws {
        let meeting = try Meeting(2)
        let results = Meeting.each([0, 1]) { rank -> [Int: LocalSocket] in
            let place = meeting.place(rank)
            let rendezvous = try Rendezvous(place)
            if rank == 1 {
                var strangers: [LocalSocket] = []
                while strangers.count < 3 {
                    guard let socket = try rendezvous.dial(0) else { continue }
                    strangers.append(socket)
                }
                strangers[0].say([UInt8](repeating: 1, count: ProcessHandshake.byteCount))
                strangers[1].shutDown()
                return try withExtendedLifetime(strangers) {
                    try Assembly(place, rendezvous).join(within: 1) { 0 }
                }
            }
            return try Assembly(place, rendezvous).join(within: 1) { 0 }
        }
        for rank in 0..<2 { #expect(try results[rank]?.get().count == 1) }
    }

    @Test func whoComesAndGoesAgainIsNamed() throws {
        let meeting = try Meeting(3)
        let results = Meeting.each([0, 1]) { rank -> Int in
            let rendezvous = try Rendezvous(meeting.place(rank))
            guard rank == 1 else {
                return try Assembly(meeting.place(0), rendezvous).join(within: 1) { 0 }.count
            }
            var caller: LocalSocket?
            while caller == nil { caller = try rendezvous.dial(0) }
            caller?.say(ProcessHandshake(rank: 1, of: 3).encoded)
            return 0
        }
        #expect(failure { _ = try results[0]?.get() } == .gone(rank: 1, of: 3))
    }

    @Test func anotherBuildIsNamed() throws {
        let meeting = try Meeting(2)
        let results = Meeting.each([0, 1]) { rank -> Int in
            let rendezvous = try Rendezvous(meeting.place(rank))
            guard rank == 1 else {
                return try Assembly(meeting.place(0), rendezvous).join(within: 1) { 0 }.count
            }
            var caller: LocalSocket?
            while caller == nil { caller = try rendezvous.dial(0) }
            var handshake = ProcessHandshake(rank: 1, of: 2)
            handshake.version += 1
            caller?.say(handshake.encoded)
            return 0
        }
        #expect(failure { _ = try results[0]?.get() } == .otherVersion(rank: 0, other: 1))
    }

    // MARK: The folder

    @Test func theFolderIsMadeForThisUserAlone() throws {
        let meeting = try Meeting(1)
        #expect(try join(meeting.place(0)).isEmpty)
        let attributes = try FileManager.default.attributesOfItem(atPath: meeting.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
    }

    @Test func aFolderOfOthersIsRefused() throws {
        let meeting = try Meeting(1)
        try FileManager.default.createDirectory(
            atPath: meeting.path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        let error = failure { _ = try Rendezvous(meeting.place(0)) }
        #expect(error?.finding == "the ranks cannot meet in \(meeting.path): others than this user may enter it")
        #expect(error?.remedy.hasPrefix("run chmod 700 \(meeting.path), ") == true)
    }

    @Test func whatIsNoFolderIsRefused() throws {
        try withTemporaryFolder { folder in
            let file = "\(folder)/file"
            #expect(FileManager.default.createFile(atPath: file, contents: nil))
            let error = failure { _ = try Rendezvous(ProcessPlace(rank: 0, of: 1, in: file)) }
            #expect(error?.finding == "the ranks cannot meet in \(file): it is no folder")
            let below = failure { _ = try Rendezvous(ProcessPlace(rank: 0, of: 1, in: "\(folder)/a/b")) }
            #expect(below?.finding.contains("it cannot be made (") == true)
        }
    }

    /// Longer than the address of a socket may be.
    @Test func theFoldersPathMayBeLong() throws {
        let meeting = try Meeting(2)
        let long = meeting.folder.path + "/" + String(repeating: "long", count: 50)
        let results = Meeting.each([0, 1]) { rank in
            let place = ProcessPlace(rank: rank, of: 2, in: long)
            return try Assembly(place, Rendezvous(place)).join(within: 1) { 0 }
        }
        for rank in 0..<2 { #expect(try results[rank]?.get().count == 1) }
    }
}
