import Dispatch
import Foundation
import Synchronization
import TestKit

@testable import ProcessesTransport

/// Ranks that meet within this process: networks, and ranks that only join and are played by a test.
final class Meeting: Sendable {
    let folder: TemporaryFolder
    let ranks: Int
    /// What the networks take for seconds.
    let time = Mutex(0.0)

    init(_ ranks: Int) throws {
        folder = try TemporaryFolder()
        self.ranks = ranks
    }

    /// The folder in which they meet, which the first of them makes.
    var path: String { "\(folder.path)/meeting" }

    func place(_ rank: Int) -> ProcessPlace { ProcessPlace(rank: rank, of: ranks, in: path) }

    private final class Results<Value: Sendable>: Sendable {
        let values = Mutex<[Int: Result<Value, any Error>]>([:])
    }

    /// Does something for each rank on a thread of its own, and waits for all.
    static func each<Value: Sendable>(
        _ ranks: [Int], _ body: @escaping @Sendable (Int) throws -> Value
    ) -> [Int: Result<Value, any Error>] {
        let (results, done) = (Results<Value>(), DispatchGroup())
        for rank in ranks {
            done.enter()
            Thread.detachNewThread {
                let result = Result { try body(rank) }
                results.values.withLock { $0[rank] = result }
                done.leave()
            }
        }
        done.wait()
        return results.values.withLock { $0 }
    }

    /// A rank whose words are a test's.
    struct PlayedRank: Sendable {
        let sockets: [Int: LocalSocket]
        let rendezvous: Rendezvous

        /// Ends as a process that dies.
        func die() { for socket in sockets.values { socket.shutDown() } }

        /// Waits for so many bytes of another rank; fewer where its connection ends before.
        func read(_ count: Int, from rank: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            var scratch = [UInt8](repeating: 0, count: 1 << 16)
            guard let socket = sockets[rank] else { return [] }
            while bytes.count < count {
                switch socket.receive(&scratch, atMost: count - bytes.count) {
                case .bytes(let count): bytes += scratch[..<count]
                case .nothingNow:
                    var polled = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
                    poll(&polled, 1, -1)
                case .end: return bytes
                }
            }
            return bytes
        }
    }

    private enum Joined: Sendable {
        case network(LocalRanks)
        case played(PlayedRank)
    }

    /// Joins all ranks, of which those behind the first `networks` are played.
    func join(
        networks: Int, silenceSeconds: Double = 10, backlogBytes: Int = 1 << 26
    ) throws -> (networks: [LocalRanks], played: [PlayedRank]) {
        let joined = Self.each(Array(0..<ranks)) { [self] rank -> Joined in
            guard rank >= networks else {
                return .network(
                    try LocalRanks(
                        place(rank), silenceSeconds: silenceSeconds, joinSeconds: 1e9, backlogBytes: backlogBytes,
                        clock: { self.time.withLock { $0 } }))
            }
            let rendezvous = try Rendezvous(place(rank))
            let sockets = try Assembly(place(rank), rendezvous).join(within: 1e9, clock: { 0 })
            return .played(PlayedRank(sockets: sockets, rendezvous: rendezvous))
        }
        var (all, played): ([LocalRanks], [PlayedRank]) = ([], [])
        for rank in 0..<ranks {
            switch try joined[rank]?.get() {
            case .network(let network)?: all.append(network)
            case .played(let rank)?: played.append(rank)
            case nil: break
            }
        }
        return (all, played)
    }
}
