import Foundation
import Testing

@testable import OpenTransport

/// Many engines in one process, each with the node of a peer that learns.
@Suite(.serialized) struct ManyPeersTests {
    /// How many; `script/check --all` has 200.
    private static let count = ProcessInfo.processInfo.environment["MURMUR_ENGINES"].flatMap { Int($0) } ?? 24

    private let small = SmallGroup()

    /// Each draws its model to another place, and all come by two of them.
    private func peers(_ count: Int) throws -> [LearningPeer] {
        // All come from one address.
        var limits = EngineLimits()
        (limits.handshakesOfNetwork, limits.handshakesPerSecond) = (limits.handshakes, 1000)
        let clock = TestClock()
        var peers: [LearningPeer] = []
        for number in 0..<count {
            let seeds = Array(Set([0, number * 7 / 8].filter { $0 < number }.map { peers[$0].port }))
            peers.append(
                try LearningPeer(
                    small.identity(20 + UInt8(number)), isFounder: number == 0, target: [Float(number % 7), 4],
                    seeds: seeds, clock: clock, limits: limits
                ) {
                    $0.silenceSeconds = 5
                    $0.doubtSeconds = 15
                })
        }
        return peers
    }

    private func spread(_ peers: [LearningPeer]) -> Float {
        let firsts = peers.map { $0.model[0] }
        return (firsts.max() ?? .infinity) - (firsts.min() ?? 0)
    }

    @Test func allJoinSomeLeaveSomeDieAndTheRestAgree() throws {
        raiseFileLimit()
        let (count, some) = (Self.count, Self.count / 10)
        let all = try peers(count)
        let everybody = Set(all.map(\.id))
        for peer in all { #expect(waits { peer.directory == everybody }) }
        // Until each has learnt what all of them want: the second number.
        for peer in all { #expect(waits { peer.held > 0 && peer.steps > 0 && abs(peer.model[1] - 4) < 1e-4 }) }

        // The founder is among those who leave.
        let leaving = Array(all[..<some])
        let (killed, frozen) = (Array(all[some..<(some * 3 / 2)]), Array(all[(some * 3 / 2)..<(some * 2)]))
        let living = Array(all[(some * 2)...])
        for peer in leaving { peer.leave() }
        for peer in killed { peer.kill() }
        for peer in frozen { peer.freeze() }
        for peer in leaving { #expect(waits { peer.hasLeft }) }
        let rest = Set(living.map(\.id))
        for peer in living { #expect(waits { peer.directory == rest && peer.linked.isSubset(of: rest) }) }

        // Where nothing is learnt any more all come to one model.
        for peer in living { peer.set(.mixing) }
        #expect(waits { spread(living) < 1e-3 })
        for peer in living { peer.set(.resting) }
        for peer in living { #expect(waits { peer.unacknowledgedCount == 0 }) }
        let models = living.map(\.model)
        #expect(models.allSatisfy { (1...5).contains($0[0]) && abs($0[1] - 4) < 1e-3 }, "\(models)")

        let books = MessageBooks(Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0.log) }))
        #expect(books.faults == [])
        #expect(books.messageCount > count)
        let (held, lost) = (living.map(\.held).reduce(0, +), (killed + frozen).map(\.held).reduce(0, +))
        #expect(leaving.allSatisfy { $0.held == 0 })
        #expect(abs(held + lost + books.stranded - books.minted - 1) < 1e-9)
        #expect(held > 0 && lost > 0)
        for peer in frozen + living { peer.kill() }
    }
}
