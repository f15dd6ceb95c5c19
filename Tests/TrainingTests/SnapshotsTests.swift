import Dispatch
import Gossip
import Graphs
import Runs
import Testing
import Vectors

@testable import Training

@Suite struct SnapshotsTests {
    private func submit(_ peer: PeerID, _ step: UInt64, _ snapshots: Snapshots) {
        snapshots.submit(Snapshots.Snapshot(peer: peer, model: Payload([Float(peer.rawValue)]), samples: 1), step: step)
    }

    @Test func aRoundIsCompleteWithEverybodysModel() throws {
        let snapshots = Snapshots(peers: 3, bell: DispatchSemaphore(value: 0))
        for peer in [2, 0] as [PeerID] { submit(peer, 5, snapshots) }
        submit(2, 10, snapshots)
        #expect(snapshots.takeComplete() == nil)
        submit(1, 5, snapshots)
        let round = try #require(snapshots.takeComplete())
        #expect(round.step == 5 && round.snapshots.map(\.peer) == [0, 1, 2])
        #expect(snapshots.waiting.map(\.step) == [10])
    }

    @Test func nobodyWaitsForTheDead() throws {
        let snapshots = Snapshots(peers: 3, bell: DispatchSemaphore(value: 0))
        for peer in [0, 2] as [PeerID] { submit(peer, 5, snapshots) }
        submit(1, 10, snapshots)
        snapshots.leave(1)
        #expect(try #require(snapshots.takeComplete()).snapshots.map(\.peer) == [0, 2])
        // What the dead had handed in is in no average.
        #expect(snapshots.takeComplete() == nil)
        for peer in [0, 2] as [PeerID] { submit(peer, 10, snapshots) }
        #expect(try #require(snapshots.takeComplete()).snapshots.map(\.peer) == [0, 2])
    }
}
