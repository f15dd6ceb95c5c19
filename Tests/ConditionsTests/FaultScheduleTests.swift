import Configuration
import Gossip
import Graphs
import Randomness
import Testing

@testable import Conditions

@Suite struct FaultScheduleTests {
    private func window(_ start: Double, _ end: Double? = nil) -> TimeWindow {
        TimeWindow(from: Time(seconds: start), until: end.map { Time(seconds: $0) })
    }

    private func schedule(_ faults: [Fault], learners: Int = 4) throws -> FaultSchedule {
        FaultSchedule(try FaultList(faults, learners: learners))
    }

    @Test func nothingHoldsWithoutFaults() throws {
        let schedule = try schedule([])
        #expect(schedule.events.isEmpty)
        #expect(schedule.active(at: Time(seconds: 1e6)) == ActiveFaults())
        #expect(!schedule.isCut(from: 0, to: 1, at: .zero))
        #expect(schedule.dropProbability(at: .zero) == 0)
        #expect(schedule.slowFactor(peer: 0, at: .zero) == 1)
        #expect(schedule.isPaused(peer: 0, at: .zero) == nil)
        #expect(schedule.clockOffset(peer: 0, at: .zero) == TimeSpan(nanoseconds: 0))
    }

    @Test func mishapsAreIndependent() throws {
        let schedule = try schedule([
            .drop(0.5, window(0)), .drop(0.5, window(1, 3)), .duplicate(0.25, window(2)), .reorder(1, window(1, 2)),
            .corrupt(0.125, window(0, 1)),
        ])
        #expect(
            [0, 1, 2, 2.999, 3].map { schedule.dropProbability(at: Time(seconds: $0)) } == [0.5, 0.75, 0.75, 0.75, 0.5])
        #expect([1.999, 2, 9].map { schedule.duplicateProbability(at: Time(seconds: $0)) } == [0, 0.25, 0.25])
        #expect([0.999, 1, 1.999, 2].map { schedule.reorderProbability(at: Time(seconds: $0)) } == [0, 1, 1, 0])
        #expect([0, 0.999, 1].map { schedule.corruptProbability(at: Time(seconds: $0)) } == [0.125, 0.125, 0])
    }

    /// Where nothing is wrong a frame is sent once, at once, and no chance is drawn: worlds without a fault stay as
    /// they were when faults of a new kind come.
    @Test func copiesOfAFrame() throws {
        var random = RandomStream(seed: 3, purpose: .network)
        let untouched = random
        let quiet = ActiveFaults()
        #expect(!quiet.drops(from: 0, to: 1, &random) && !quiet.corrupts(&random))
        #expect(quiet.delaysOfCopies(reorderingSeconds: 1, &random) == [0])
        var (drawn, fresh) = (random, untouched)
        #expect(drawn.next() == fresh.next())
        let during = try schedule([
            .duplicate(1, window(0)), .reorder(1, window(0)), .corrupt(1, window(0)), .cut(from: 0, to: 1, window(0)),
        ]).active(at: .zero)
        let copies = during.delaysOfCopies(reorderingSeconds: 0.5, &random)
        #expect(copies.count == 2 && copies[0] != copies[1] && copies.allSatisfy { (0..<0.5).contains($0) })
        #expect(during.corrupts(&random))
        #expect(during.drops(from: 0, to: 1, &random) && !during.drops(from: 1, to: 0, &random))
    }

    @Test func aCutHasOneDirection() throws {
        let schedule = try schedule([.cut(from: 0, to: 1, window(1, 2))])
        let during = Time(seconds: 1.5)
        #expect(schedule.isCut(from: 0, to: 1, at: during))
        #expect(!schedule.isCut(from: 1, to: 0, at: during))
        #expect(!schedule.isCut(from: 0, to: 2, at: during))
        #expect(!schedule.isCut(from: 0, to: 1, at: Time(seconds: 2)))
    }

    @Test func thoseWhomAPartitionLeavesOutAreOneGroup() throws {
        let schedule = try schedule([.partition([[0], [1, 2]], window(1, 2))], learners: 5)
        let groups = [0, 1, 1, 2, 2]
        for from in 0..<5 {
            for to in 0..<5 {
                #expect(
                    schedule.isCut(from: PeerID(from), to: PeerID(to), at: Time(seconds: 1))
                        == (groups[from] != groups[to]))
            }
        }
        // Two at a time separate what either separates.
        let both = try self.schedule([.partition([[0, 1]], window(0, 9)), .partition([[0, 2]], window(0, 9))])
        for (from, to) in [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)] {
            #expect(both.isCut(from: PeerID(from), to: PeerID(to), at: .zero))
        }
    }

    @Test func stragglerDelaysMultiplyAndClocksAdd() throws {
        let second = TimeSpan(nanoseconds: 1_000_000_000)
        let schedule = try schedule([
            .slow(1, factor: 2, window(0)), .slow(1, factor: 3, window(1, 2)),
            .clock(1, by: second, at: Time(seconds: 1)), .clock(1, by: second, at: Time(seconds: 2)),
        ])
        #expect([0, 1, 2].map { schedule.slowFactor(peer: 1, at: Time(seconds: $0)) } == [2, 6, 2])
        #expect([0.5, 1, 2].map { schedule.clockOffset(peer: 1, at: Time(seconds: $0)).seconds } == [0, 1, 2])
        #expect(schedule.slowFactor(peer: 0, at: .zero) == 1)
    }

    @Test func delaysAddUp() throws {
        let schedule = try schedule([
            .delay(1, by: TimeSpan(nanoseconds: 500_000_000), window(0)),
            .delay(0.5, by: TimeSpan(nanoseconds: 1_000_000_000), window(0, 1)),
        ])
        var random = RandomStream(seed: 1, purpose: .test)
        let early = (0..<10_000).map { _ in schedule.active(at: .zero).delaySeconds(&random) }
        #expect(Set(early) == [0.5, 1.5])
        let mean: Double = early.reduce(0, +) / 10_000
        #expect(abs(mean - 1) < 0.03)
        #expect(schedule.active(at: Time(seconds: 1)).delaySeconds(&random) == 0.5)
    }

    @Test func pausesThatMeetAreOneAndACrashEndsThem() throws {
        let schedule = try schedule([
            .pause(1, window(1, 3)), .pause(1, window(2, 4)), .pause(1, window(4, 5)), .pause(1, window(7, 8)),
            .pause(2, window(1, 9)), .crash(2, window(3, 4), isTorn: true),
        ])
        func until(_ peer: PeerID, _ seconds: Double) -> Double? {
            schedule.isPaused(peer: peer, at: Time(seconds: seconds))?.seconds
        }
        #expect([0.5, 1, 2.5, 4, 5, 7.5].map { until(1, $0) } == [nil, 5, 5, 5, nil, 8])
        #expect([1, 2.999, 3, 5].map { until(2, $0) } == [3, 3, nil, nil])
        let expected: [(Double, FaultEvent.Kind)] = [
            (1, .pauseBegin(1, until: Time(seconds: 5))), (1, .pauseBegin(2, until: Time(seconds: 3))),
            (3, .pauseEnd(2)), (3, .crash(2)), (4, .restart(2, isTorn: true)), (5, .pauseEnd(1)),
            (7, .pauseBegin(1, until: Time(seconds: 8))), (8, .pauseEnd(1)),
        ]
        #expect(schedule.events == expected.map { FaultEvent(time: Time(seconds: $0.0), kind: $0.1) })
    }

    @Test func atOneMomentWhatEndsComesFirst() throws {
        let cut = Fault.cut(from: 0, to: 1, window(1, 2))
        let jump = TimeSpan(nanoseconds: -7)
        let schedule = try schedule([
            .crash(3, window(2), isTorn: false), .pause(2, window(2, 4)), .clock(1, by: jump, at: Time(seconds: 2)),
            .crash(1, window(1, 2), isTorn: false), .pause(0, window(1, 2)), cut,
        ])
        #expect(
            schedule.events.filter { $0.time == Time(seconds: 2) }.map(\.kind) == [
                .heal(cut), .pauseEnd(0), .restart(1, isTorn: false), .clockJump(1, by: jump),
                .pauseBegin(2, until: Time(seconds: 4)), .crash(3),
            ])
    }

    /// Against a look at every fault, at every moment at which something changes and between any two of them.
    @Test func stateIsThatOfTheFaultsOfTheMoment() throws {
        for seed: UInt64 in 1...200 {
            let list = try FaultList([.random(RandomFaults(seed: seed, perHour: 3600), TimeWindow())], learners: 5)
                .expanded(until: Time(seconds: 30))
            let schedule = FaultSchedule(list)
            let changes = Set(list.faults.flatMap { [$0.window.start, $0.window.end].compactMap(\.self) }).sorted()
            let between = zip(changes, changes.dropFirst()).map {
                Time(nanoseconds: ($0.nanoseconds + $1.nanoseconds) / 2)
            }
            for time in changes + between { check(schedule, list, at: time, seed) }
            var moment = Time.zero
            for next in changes where next > .zero {
                let last = Time(nanoseconds: next.nanoseconds - 1)
                #expect(schedule.active(at: last) == schedule.active(at: moment), "seed \(seed)")
                moment = next
            }
            #expect(schedule.active(at: Time(seconds: 1e9)) == schedule.active(at: moment), "seed \(seed)")
        }
    }

    private func check(_ schedule: FaultSchedule, _ list: FaultList, at time: Time, _ seed: UInt64) {
        let holding = list.faults.filter { $0.window.contains(time) }
        var kept = 1.0
        var factors = [Double](repeating: 1, count: 5)
        var cut: Set<[Int]> = []
        var down: Set<PeerID> = []
        for fault in holding {
            switch fault {
            case .drop(let share, _): kept *= 1 - share
            case .slow(let peer, let factor, _): factors[peer.rawValue] *= factor
            case .cut(let from, let to, _): cut.insert([from.rawValue, to.rawValue])
            case .crash(let peer, _, _): down.insert(peer)
            case .partition(let groups, _):
                func group(_ peer: Int) -> Int? { groups.firstIndex { $0.contains(PeerID(peer)) } }
                for from in 0..<5 {
                    for to in 0..<5 where group(from) != group(to) { cut.insert([from, to]) }
                }
            default: break
            }
        }
        #expect(abs(schedule.dropProbability(at: time) - (1 - kept)) < 1e-12, "seed \(seed)")
        for peer in 0..<5 {
            #expect(schedule.slowFactor(peer: PeerID(peer), at: time) == factors[peer], "seed \(seed)")
            #expect(schedule.isDown(peer: PeerID(peer), at: time) == down.contains(PeerID(peer)), "seed \(seed)")
            for to in 0..<5 {
                #expect(
                    schedule.isCut(from: PeerID(peer), to: PeerID(to), at: time) == cut.contains([peer, to]),
                    "seed \(seed)")
            }
            let isPaused = holding.contains { if case .pause(PeerID(peer), _) = $0 { true } else { false } }
            // Who died in a pause is paused no more when it is back.
            if schedule.isPaused(peer: PeerID(peer), at: time) != nil { #expect(isPaused, "seed \(seed)") }
            #expect(schedule.isPaused(peer: PeerID(peer), at: time) == nil || !down.contains(PeerID(peer)))
        }
    }
}
