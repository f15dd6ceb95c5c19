import Gossip
import Runs
import Runtime
import Testing

@testable import Checkpoints
@testable import Training

/// A leader is asked by calling it: no thread, no clock.
@Suite struct LeaderTests {
    private static func leader(
        peers: Int = 2, isLockStep: Bool = true, saving: Bool = true, stopsAtTarget: Bool = false,
        leavesToOthers: Bool = false
    ) -> Leader {
        let length = RunLength(shares: [10], epochs: 10, isPacedByShares: true)
        return Leader(
            Leader.Settings(
                isLockStep: isLockStep,
                savingSchedule: saving ? EvaluationSchedule(everyEpochs: 1, in: length) : nil,
                stopsAtTarget: stopsAtTarget, leavesToOthers: leavesToOthers),
            peers: [PeerProgress](repeating: PeerProgress(), count: peers))
    }

    /// What one crew, or two with a peer each, say of themselves.
    private static func standing(
        _ cuts: [UInt64?] = [nil], begun: UInt64 = 1, unhandled: Int = 0, signal: Int32? = nil, lacksPeers: Bool = false
    ) -> Leader.Standing {
        var reports: [Int: WorkerReport] = [:]
        for (rank, cut) in cuts.enumerated() {
            let nothing = [UInt64](repeating: 0, count: cuts.count)
            reports[rank] = WorkerReport(
                peers: [],
                traffic: Traffic.Count(begun: begun, unhandled: unhandled, sent: nothing, received: nothing), cut: cut,
                stopSignal: rank == 0 ? signal : nil, lostMass: 0, peakMemoryBytes: 0)
        }
        return Leader.Standing(reports: reports, lacksPeers: lacksPeers)
    }

    private static func peer(finished: Bool = false, died: Bool = false, unacknowledged: Int = 0) -> PeerProgress {
        var peer = PeerProgress()
        if finished { peer.finishedAt = 1 }
        if died { peer.diedAt = 1 }
        peer.unacknowledged = unacknowledged
        return peer
    }

    private static func everybody(_ peer: PeerProgress) -> [Int: PeerProgress] { [0: peer, 1: peer] }

    /// Where others go on, what the peers hold is given away once, before the end.
    @Test func aPeerAmongOthersLeavesOnce() {
        var leader = Self.leader(peers: 1, isLockStep: false, saving: false, leavesToOthers: true)
        leader.take(Self.standing(), [0: Self.peer(finished: true)])
        #expect(leader.next(isTestReady: false) == .endFaults)
        #expect(leader.next(isTestReady: false) == .leave)
        leader.take(Self.standing(begun: 2), [0: Self.peer(finished: true, unacknowledged: 1)])
        #expect(leader.next(isTestReady: false) == .wait)
        for _ in 0..<2 { leader.take(Self.standing(begun: 3), [0: Self.peer(finished: true)]) }
        #expect(leader.next(isTestReady: false) == .finish && leader.ending == .completed)
    }

    @Test func aSignalMakesAPeerAmongOthersLeave() {
        var leader = Self.leader(peers: 1, isLockStep: false, saving: false, leavesToOthers: true)
        leader.take(Self.standing(signal: 15), [0: Self.peer()])
        #expect(leader.next(isTestReady: false) == .leave && leader.ending == .stopped)
        for _ in 0..<2 { leader.take(Self.standing(begun: 3, signal: 15), [0: Self.peer(finished: true)]) }
        #expect(leader.next(isTestReady: false) == .finish)
    }

    /// A model that is no number is given to nobody.
    @Test func whoHasDivergedLeavesNothing() {
        var leader = Self.leader(peers: 1, isLockStep: false, saving: false, leavesToOthers: true)
        var peer = Self.peer()
        peer.divergedAt = 3
        leader.take(Self.standing(), [0: peer])
        #expect(leader.next(isTestReady: false) == .stop)
    }

    @Test func whileNothingHappensItWaits() {
        var leader = Self.leader()
        leader.take(Self.standing(unhandled: 3), [:])
        #expect(leader.next(isTestReady: false) == .wait)
        #expect(leader.next(isTestReady: true) == .test)
    }

    /// Done, faults over, looked at twice with nothing between: then saved as it ended, and over.
    @Test func aRunEndsWhenAllIsQuietTwice() {
        var leader = Self.leader()
        let done = Self.everybody(Self.peer(finished: true))
        leader.take(Self.standing(), done)
        #expect(leader.next(isTestReady: false) == .endFaults)
        #expect(leader.next(isTestReady: false) == .look)
        leader.take(Self.standing(begun: 2), done)
        #expect(leader.next(isTestReady: false) == .look)
        leader.take(Self.standing(begun: 2), done)
        // What was handed in last is tested first.
        #expect(leader.next(isTestReady: true) == .test)
        #expect(leader.next(isTestReady: false) == .save)
        #expect(leader.next(isTestReady: false) == .finish)
        #expect(leader.ending == .completed)
    }

    @Test func unacknowledgedMessagesKeepARunAlive() {
        var leader = Self.leader(saving: false)
        let waiting = Self.everybody(Self.peer(finished: true, unacknowledged: 1))
        leader.take(Self.standing(), waiting)
        #expect(leader.next(isTestReady: false) == .endFaults)
        leader.take(Self.standing(), waiting)
        #expect(leader.next(isTestReady: false) == .wait)
    }

    /// What one crew found due is due on all; at rest the run is saved once, and goes on.
    @Test func aRunIsSavedWhereItRests() {
        var leader = Self.leader()
        leader.take(Self.standing([10, nil]), [:])
        #expect(leader.next(isTestReady: false) == .spreadRest(afterStep: 10))
        leader.take(Self.standing([10, 10], unhandled: 1), [:])
        #expect(leader.next(isTestReady: false) == .wait)
        leader.take(Self.standing([10, 10]), [:])
        #expect(leader.next(isTestReady: false) == .look)
        leader.take(Self.standing([10, 10]), [:])
        #expect(leader.next(isTestReady: false) == .save)
        #expect(leader.next(isTestReady: false) == .goOn)
    }

    /// Without the peers of a lost rank there is no whole run to save.
    @Test func aRunThatLacksPeersIsNotSaved() {
        var leader = Self.leader()
        for _ in 0..<2 { leader.take(Self.standing([10], lacksPeers: true), [:]) }
        #expect(leader.next(isTestReady: false) == .goOn)
    }

    @Test func whoIsAskedToEndSavesFirst() {
        var leader = Self.leader()
        leader.take(Self.standing(signal: 15), [:])
        #expect(leader.next(isTestReady: false) == .rest)
        var ahead = PeerProgress()
        ahead.statistics = NodeStatistics(steps: 8)
        leader.take(Self.standing(signal: 15), [1: ahead])
        // The next step but one is due by itself: peers that have made the next one already rest there as well.
        #expect(leader.restStep == 10)
        for _ in 0..<2 { leader.take(Self.standing([10], signal: 15), [:]) }
        #expect(leader.next(isTestReady: false) == .save)
        #expect(leader.next(isTestReady: false) == .stop)
        #expect(leader.ending == .stopped && leader.stopSignal == 15 && leader.lastStep == 10)
    }

    @Test func withoutCheckpointsItEndsAtOnce() {
        var leader = Self.leader(isLockStep: false, saving: false)
        leader.take(Self.standing(signal: 2), [:])
        #expect(leader.next(isTestReady: false) == .stop)
        #expect(leader.ending == .stopped && leader.lastStep == 0)
    }

    @Test func aTargetEndsTheRunWhereItIsAskedTo() {
        var leader = Self.leader(stopsAtTarget: true)
        leader.take(Self.standing(unhandled: 1), [:])
        leader.tested(hasReachedTarget: true)
        #expect(leader.next(isTestReady: true) == .stop)
        #expect(leader.ending == .targetReached)
        // The model that met the target stays the last that was tested.
        #expect(leader.next(isTestReady: true) == .wait)
        var other = Self.leader(stopsAtTarget: false)
        other.take(Self.standing(unhandled: 1), [:])
        other.tested(hasReachedTarget: true)
        #expect(other.next(isTestReady: false) == .wait)
    }

    @Test func whoGivesUpOrDivergesEndsTheRun() {
        var leader = Self.leader()
        var peer = PeerProgress()
        peer.abandonment = "alone"
        leader.take(Self.standing(unhandled: 1), [1: peer])
        #expect(leader.next(isTestReady: false) == .stop)
        #expect(leader.ending == .abandoned(peer: 1, reason: "alone"))
        // Others may wait for it forever: what is quiet is over.
        for _ in 0..<2 { leader.take(Self.standing(), [:]) }
        #expect(leader.next(isTestReady: false) == .finish)
        var diverging = Self.leader()
        peer.abandonment = nil
        peer.divergedAt = 7
        diverging.take(Self.standing(), [0: peer])
        #expect(diverging.next(isTestReady: false) == .stop)
        #expect(diverging.ending == .diverged(peer: 0, step: 7))
    }

    @Test func theLostAreBuriedOnce() {
        var leader = Self.leader(peers: 3, saving: false)
        leader.take(Self.standing(), [0: Self.peer(finished: true)])
        leader.account(1..<3, atSeconds: 5)
        leader.account(1..<3, atSeconds: 9)
        #expect(leader.peers.map(\.diedAt) == [nil, 5, 5])
        #expect(leader.next(isTestReady: false) == .endFaults)
    }

    /// Whatever goes wrong with the records, peers are brought to their end, and nothing else is begun.
    @Test func givingUpDoesNothingMore() {
        var leader = Self.leader()
        leader.giveUp()
        #expect(leader.next(isTestReady: true) == .stop)
        for _ in 0..<2 { leader.take(Self.standing([3]), Self.everybody(Self.peer(finished: true))) }
        #expect(leader.next(isTestReady: true) == .finish)
    }
}
