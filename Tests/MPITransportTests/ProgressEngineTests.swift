import Gossip
import Graphs
import Runtime
import Synchronization
import Testing
import Vectors
import Wire

@testable import MPITransport

/// What becomes of the others when a rank is gone. What MPI moves is tried under its launchers.
@Suite(.serialized) struct ProgressEngineTests {
    /// The ranks that this look finds silent.
    private func timeouts(_ engine: inout ProgressEngine) -> [Int] {
        var arrived: [Arrived] = []
        engine.look(&arrived) { _ in }
        return arrived.compactMap { item in
            guard case .timeout(let rank) = item else { return nil }
            return rank
        }
    }

    @Test func sumsUnderWayAreGivenUpWithARank() {
        var engine = FakeMPI.engine(rank: 1, of: 3)
        engine.begin(.sum(Payload([1, 2, 3])) { _ in Issue.record("there is no sum without rank 2") })
        FakeMPI.come(.shutdown, from: 0)
        #expect(timeouts(&engine) == [])
        #expect(engine.transfersUnderWay == 1)
        FakeMPI.come(.loss(rank: 2), from: 0)
        #expect(timeouts(&engine) == [2])
        #expect(engine.isForgotten(2))
        #expect((engine.transfersUnderWay, engine.bytesUnderWay) == (0, 0))
        #expect(engine.isDone(rank: 1))
        // Another one would never be over either.
        engine.begin(.sum(Payload([1])) { _ in Issue.record("there is no sum without rank 2") })
        #expect(engine.transfersUnderWay == 0)
    }

    /// What rank 0 says of a rank is told here, once.
    @Test func aLossIsToldOnceWhoeverNoticed() {
        var engine = FakeMPI.engine(rank: 1, of: 4)
        for rank in [2, 2, 3] { FakeMPI.come(.loss(rank: rank), from: 0) }
        engine.lose(3)
        #expect(timeouts(&engine) == [2])
    }

    @Test func nobodyActsOnASilenceAndNobodyWaitsInTheEnd() {
        var engine = FakeMPI.engine(rank: 0, of: 4)
        engine.nameSilent(2)
        engine.nameSilent(2)
        #expect(timeouts(&engine) == [2])
        for rank in [1, 3] as [Int32] { FakeMPI.come(.shutdown, from: rank) }
        #expect(timeouts(&engine) == [])
        #expect(!engine.isDone(rank: 0))
        for _ in 0..<2 { engine.leaveBehindTheGone() }
        #expect(engine.isDone(rank: 0))
        // The others need not have noticed.
        #expect(FakeMPI.sent == ["loss(rank: 2) to 1", "loss(rank: 2) to 3"])
    }

    @Test func aLossThatIsToldAtOnceIsNotToldAgainInTheEnd() {
        var engine = FakeMPI.engine(rank: 0, of: 3)
        engine.lose(1)
        engine.leaveBehindTheGone()
        engine.lose(2)
        #expect(FakeMPI.sent == ["loss(rank: 1) to 2"])
    }

    @Test func withoutRank0NobodyIsWaitedForInTheEnd() {
        var engine = FakeMPI.engine(rank: 1, of: 4)
        engine.nameSilent(0)
        #expect(timeouts(&engine) == [0])
        #expect(!engine.isDone(rank: 1))
        engine.leaveBehindTheGone()
        #expect(engine.isDone(rank: 1))
        var other = FakeMPI.engine(rank: 1, of: 4)
        other.lose(0)
        other.leaveBehindTheGone()
        #expect(other.isDone(rank: 1))
        #expect(FakeMPI.sent == [])
    }

    /// Who cannot be reached is gone for this rank; whether it is for all is for rank 0 to say.
    @Test func rank0HearsOfWhoCannotBeReached() {
        var engine = FakeMPI.engine(rank: 1, of: 4)
        FakeMPI.state.withLock { $0.unreachable = [2] }
        engine.begin(.controlMessage(ControlMessage(words: [1]), to: 2))
        #expect(engine.isForgotten(2))
        #expect(engine.transfersUnderWay == 0)
        #expect(timeouts(&engine) == [])
        #expect(FakeMPI.sent == ["unreachable(rank: 2) to 0"])
        var first = FakeMPI.engine(rank: 0, of: 4)
        for rank in [1, 3] as [Int32] { FakeMPI.come(.unreachable(rank: 2), from: rank) }
        FakeMPI.come(.unreachable(rank: 0), from: 1)
        FakeMPI.come(.unreachable(rank: 99), from: 1)
        #expect(timeouts(&first) == [2])
        #expect(timeouts(&first) == [])
        first.lose(2)
        FakeMPI.come(.unreachable(rank: 2), from: 3)
        #expect(timeouts(&first) == [])
    }

    @Test func whoLeadsAndCannotBeReachedIsSilent() {
        var engine = FakeMPI.engine(rank: 1, of: 3)
        FakeMPI.state.withLock { $0.unreachable = [0] }
        engine.begin(.heartbeat(to: 0))
        #expect(timeouts(&engine) == [0])
        #expect(timeouts(&engine) == [])
        #expect(!engine.isForgotten(2))
    }

    @Test func aLibraryThatReceivesNothingIsNotAskedForEver() {
        var engine = FakeMPI.engine(rank: 0, of: 3)
        FakeMPI.state.withLock { $0.isDeaf = true }
        #expect(timeouts(&engine) == [1, 2])
        for _ in 0..<5 { #expect(timeouts(&engine) == []) }
        #expect(FakeMPI.state.withLock { $0.looks } == 1)
        #expect(engine.problem != nil)
        engine.leaveBehindTheGone()
        #expect(engine.isDone(rank: 0))
    }

    /// A rank that opened envelopes for as long as there were any sent nothing itself, not even that it lives: it was
    /// given up by the others on a busy machine.
    @Test func aLookEndsThoughMoreEnvelopesAreThere() {
        var engine = FakeMPI.engine(rank: 1, of: 2)
        for _ in 0..<1000 { FakeMPI.come(.heartbeat, from: 0) }
        _ = timeouts(&engine)
        #expect((1...100).contains(1000 - FakeMPI.state.withLock { $0.coming.count }))
    }

    @Test func whatHasNotLeftFillsTheBacklog() {
        let backlog = Backlog(ranks: 3, limitBytes: 24)
        var engine = FakeMPI.engine(rank: 0, of: 3, backlog: backlog)
        let payload = Payload([1, 2, 3])
        let frame = Frame(
            from: 0, to: 1,
            content: .message(sequence: 1, id: MessageID(rawValue: 1), metadata: Metadata(), payload: payload))
        engine.begin(.frame(frame, to: 1))
        #expect(backlog.hasRoom(to: 1))
        engine.begin(.controlMessage(ControlMessage(words: [], payload: payload), to: 2))
        engine.begin(.controlMessage(ControlMessage(words: [], payload: payload), to: 2))
        engine.begin(.frame(frame, to: 1))
        #expect(!backlog.hasRoom(to: 1) && !backlog.hasRoom(to: 2))
        engine.forget(2)
        #expect(backlog.hasRoom(to: 2))
        FakeMPI.state.withLock { $0.areOver = true }
        _ = timeouts(&engine)
        #expect(backlog.hasRoom(to: 1))
        #expect(engine.transfersUnderWay == 0)
    }
}
