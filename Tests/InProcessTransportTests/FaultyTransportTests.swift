import Conditions
import Configuration
import Gossip
import Graphs
import InProcessTransport
import Runtime
import Synchronization
import Testing
import Vectors

@Suite struct FaultyTransportTests {
    /// A run of a few peers whose time the test sets.
    private final class World: Sendable {
        let network = InProcessNetwork(peers: 4, clock: { .zero })
        let now = Mutex(Time.zero)
        let underWay = Mutex(0)
        let isOver = Mutex(false)
        let schedule: FaultSchedule

        init(_ faults: [Fault]) throws { schedule = FaultSchedule(try FaultList(faults, learners: 4)) }

        func transport(_ peer: PeerID, seed: UInt64 = 1) -> FaultyTransport<InProcessTransport> {
            let view = FaultView(
                active: { [self] in
                    let now = now.withLock { $0 }
                    return isOver.withLock { $0 } ? nil : (schedule.active(at: now), now)
                },
                now: { [self] in isOver.withLock { $0 } ? Time(nanoseconds: .max) : now.withLock { $0 } },

                moment: { _ in .zero })
            return FaultyTransport(
                network.transport(for: peer), view: view, seed: seed,
                recount: { [self] difference in underWay.withLock { $0 += difference } })
        }

        /// The rounds of the frames that lie in a peer's mailbox.
        func arrived(_ peer: PeerID) -> [UInt64] {
            let transport = network.transport(for: peer)
            var rounds: [UInt64] = []
            while case .frame(let frame) = transport.receive(until: .zero) {
                if case .message(let sequence, _, _, _) = frame.content { rounds.append(sequence) }
            }
            return rounds
        }
    }

    private func frame(_ round: UInt64, from: PeerID = 0, to: PeerID = 1) -> Frame {
        Frame(
            from: from, to: to,
            content: .message(
                sequence: round, id: MessageID(rawValue: round), metadata: Metadata(round: round),
                payload: Payload([1, 2])))
    }

    private func expectSilence(_ transport: inout FaultyTransport<InProcessTransport>) {
        let arrival = transport.receive(until: .zero)
        #expect(arrival == nil)
    }

    private func sent(_ faults: [Fault], seed: UInt64 = 1, besides others: Int = 0) throws -> [UInt64] {
        let world = try World(faults)
        var transport = world.transport(0, seed: seed)
        for round in 1...200 {
            transport.send(frame(UInt64(round)))
            for _ in 0..<others { transport.send(frame(UInt64(round), to: 2)) }
        }
        let rounds = world.arrived(1)
        #expect(others > 0 || world.underWay.withLock { $0 } == rounds.count - 200)
        return rounds
    }

    @Test func withoutFaultsEverythingPasses() throws {
        #expect(try sent([]) == Array(1...200))
        #expect(try sent([.drop(1, TimeWindow(from: Time(seconds: 1)))]) == Array(1...200))
    }

    @Test func framesAreDroppedAndComeTwice() throws {
        #expect(try sent([.drop(1, TimeWindow())]) == [])
        #expect(try sent([.corrupt(1, TimeWindow())]) == [])
        #expect(try sent([.cut(from: 0, to: 1, TimeWindow())]) == [])
        #expect(try sent([.cut(from: 1, to: 0, TimeWindow())]).count == 200)
        #expect(try sent([.partition([[0, 2]], TimeWindow())]) == [])
        #expect(try sent([.partition([[0, 1]], TimeWindow())]).count == 200)
        #expect(try sent([.duplicate(1, TimeWindow())]).count == 400)
        #expect((60...140).contains(try sent([.drop(0.5, TimeWindow())]).count))
    }

    /// What happens on a link follows from the seed, and not from what is sent elsewhere meanwhile.
    @Test func chanceBelongsToTheLink() throws {
        let faults: [Fault] = [.drop(0.5, TimeWindow())]
        #expect(try sent(faults) == sent(faults))
        #expect(try sent(faults) != sent(faults, seed: 2))
        #expect(try sent(faults) == sent(faults, besides: 3))
    }

    @Test func lateFramesLeaveWhenTheirTimeComes() throws {
        let world = try World([.delay(1, by: TimeSpan(nanoseconds: 1_000_000_000), TimeWindow(until: Time(seconds: 2)))]
        )
        var transport = world.transport(0)
        for round in 1...3 { transport.send(frame(UInt64(round))) }
        expectSilence(&transport)
        #expect(world.arrived(1) == [])
        world.now.withLock { $0 = Time(seconds: 1) }
        expectSilence(&transport)
        #expect(world.arrived(1) == [1, 2, 3])
        #expect(world.underWay.withLock { $0 } == 0)
    }

    @Test func everythingLeavesWhenTheFaultsEnd() throws {
        let world = try World([.delay(1, by: TimeSpan(nanoseconds: 1_000_000_000), TimeWindow())])
        var transport = world.transport(0)
        transport.send(frame(1))
        world.isOver.withLock { $0 = true }
        transport.send(frame(2))
        expectSilence(&transport)
        #expect(world.arrived(1).sorted() == [1, 2])
    }

    @Test func laterFramesOvertakeThoseHeldBack() throws {
        let world = try World([.reorder(0.5, TimeWindow(until: Time(seconds: 1)))])
        var transport = world.transport(0)
        for round in 1...100 { transport.send(frame(UInt64(round))) }
        let first = world.arrived(1)
        #expect(first == first.sorted() && (20...80).contains(first.count))
        world.now.withLock { $0 = Time(seconds: 0.02) }
        expectSilence(&transport)
        #expect((first + world.arrived(1)).sorted() == Array(1...100))
    }

    @Test func arrivalsPass() throws {
        let world = try World([.drop(1, TimeWindow())])
        var transport = world.transport(0)
        transport.waker.post(.event(.stop(afterStep: 7)))
        guard case .event(.stop(7)) = transport.receive(until: nil) else {
            return #expect(Bool(false), "no stop arrived")
        }
        #expect(transport.me == 0)
    }
}
