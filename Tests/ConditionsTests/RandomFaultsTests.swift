import Configuration
import Gossip
import Graphs
import Testing

@testable import Conditions

@Suite struct RandomFaultsTests {
    private static let faultTolerance: [FaultTolerance] = [[], [.crash], [.restart], [.crash, .restart]].map {
        .messages.union($0)
    }

    /// Whether the same list is made again from its faults, which refuses whatever is impossible.
    private func isPossible(_ list: FaultList) -> Bool {
        (try? FaultList(list.faults, learners: list.learners, servers: list.servers)) == list
    }

    /// Whether some learner is up whenever something changes.
    private func keepsALearner(_ list: FaultList) -> Bool {
        let schedule = FaultSchedule(list)
        return schedule.events.allSatisfy { event in
            (0..<list.learners).contains { !schedule.isDown(peer: PeerID($0), at: event.time) }
        }
    }

    @Test func noBatteryIsImpossibleAndAllHeal() {
        var kinds: Set<Fault.Kind> = []
        var count = 0
        for seed in 1...1000 {
            let learners = 1 + seed % 7
            let faultTolerance = Self.faultTolerance[seed % 4]
            let seconds = [0.05, 3, 600][seed % 3]
            let list = RandomFaults.battery(
                seed: UInt64(seed), peers: learners, servers: seed % 2, faultTolerance: faultTolerance, seconds: seconds
            )
            kinds.formUnion(list.faults.map(\.kind))
            count += list.faults.count
            #expect(isPossible(list), "seed \(seed): \(list)")
            #expect(keepsALearner(list), "seed \(seed): \(list)")
            for fault in list.faults {
                if case .crash(let peer, let window, _) = fault {
                    #expect(faultTolerance.contains(window.end == nil ? .crash : .restart), "seed \(seed): \(fault)")
                    #expect(peer.rawValue < learners)
                    if window.end == nil { continue }
                }
                let end = fault.kind == .clock ? fault.window.start : fault.window.end
                #expect(end.map { $0 <= Time(seconds: seconds) } ?? false, "seed \(seed): \(fault)")
            }
            let healed = FaultSchedule(list).active(at: Time(seconds: seconds))
            var quiet = ActiveFaults()
            for case .crash(let peer, let window, let isTorn) in list.faults where window.end == nil {
                quiet.add(.fault(.crash(peer, window, isTorn: isTorn)))
            }
            #expect(healed == quiet, "seed \(seed): \(list)")
        }
        #expect(kinds == Set(RandomFaults.allKinds).subtracting([.byzantine]))
        // Six are drawn on average, and few find no place.
        #expect((4500...6300).contains(count), "\(count) faults")
    }

    @Test func noExpansionIsImpossible() throws {
        for seed in 1...1000 {
            let end = Time(seconds: 20)
            // Beside faults that are given, some of them later than what is drawn.
            let given: [Fault] = [
                .crash(0, TimeWindow(from: Time(seconds: 10), until: Time(seconds: 12)), isTorn: false),
                .pause(1, TimeWindow(from: Time(seconds: 15), until: Time(seconds: 16))),
                .byzantine(2, .replay, TimeWindow(from: Time(seconds: 5))),
                .random(RandomFaults(seed: UInt64(seed), perHour: 3600), TimeWindow()),
            ]
            let list = try FaultList(given, learners: 3, servers: 1)
            let drawn = list.expanded(until: end)
            #expect(isPossible(drawn), "seed \(seed): \(drawn)")
            #expect(keepsALearner(drawn), "seed \(seed): \(drawn)")
            #expect(Array(drawn.faults.prefix(3)) == Array(given.prefix(3)))
            for fault in drawn.faults.dropFirst(3) where fault.kind != .clock {
                let isForGood = fault.kind == .crash && fault.window.end == nil
                #expect(isForGood || fault.window.end.map { $0 <= end } ?? false, "seed \(seed): \(fault)")
            }
        }
    }

    /// What is not promised does not happen.
    @Test func onlyWhatIsPromisedIsDrawn() {
        func kinds(_ faultTolerance: FaultTolerance) -> Set<Fault.Kind> {
            let lists = (1...100).map {
                RandomFaults.battery(seed: UInt64($0), peers: 4, faultTolerance: faultTolerance, seconds: 10)
            }
            return Set(lists.flatMap(\.faults).map(\.kind))
        }
        #expect(kinds([]) == [])
        #expect(kinds(.loss) == [.drop, .corrupt, .cut, .partition])
        #expect(kinds(.duplication) == [.duplicate])
        #expect(kinds(.lateness) == [.reorder, .delay, .pause, .clock, .slow])
        #expect(kinds(.crash) == [.crash] && kinds(.restart) == [.crash])
        #expect(kinds(.join) == [.join])
    }

    @Test func theSameSeedDrawsTheSame() {
        for seed: UInt64 in 1...50 {
            func draw(_ seed: UInt64) -> FaultList {
                RandomFaults.battery(seed: seed, peers: 4, faultTolerance: Self.faultTolerance[3], seconds: 10)
            }
            #expect(draw(seed) == draw(seed))
            #expect(draw(seed) != draw(seed + 1))
        }
    }

    /// Fixed for years: a seed in a report must replay.
    @Test func aSeedIsARecord() {
        #expect(
            RandomFaults.battery(seed: 1, peers: 4, faultTolerance: Self.faultTolerance[3], seconds: 10).description
                == "[{clock: {peer: 3, by: 2504197us}, at: 3068362us}, "
                + "{partition: [[1, 2]], at: 3171793us, for: 840140us}, "
                + "{slow: {peer: 3, factor: 1.8}, at: 6729033us, for: 1012053us}, "
                + "{cut: {from: 0, to: 3}, at: 6751302us, for: 1559027us}]")
    }

    @Test func everyKindIsDrawn() throws {
        let list = try FaultList([.random(RandomFaults(seed: 1, perHour: 3600), TimeWindow())], learners: 8)
        let drawn = list.expanded(until: Time(seconds: 600)).faults
        #expect(Set(drawn.map(\.kind)) == Set(RandomFaults.allKinds))
        // As many as the rate says: 600 with a standard deviation of 25, without the crashes that nobody is left for.
        #expect((450...700).contains(drawn.count), "\(drawn.count) faults")
        let byzantinePeers = drawn.compactMap { if case .byzantine(_, let kind, _) = $0 { kind.name } else { nil } }
        #expect(Set(byzantinePeers) == ["nan", "scale", "sign-flip", "replay"])
    }

    @Test func onePeerIsNeitherCutOffNorKilled() throws {
        for kinds: [Fault.Kind] in [[.cut], [.partition], [.crash], [.cut, .partition, .crash]] {
            let random = RandomFaults(seed: 3, perHour: 3600, kinds: kinds)
            let list = try FaultList([.random(random, TimeWindow())], learners: 1)
            #expect(list.expanded(until: Time(seconds: 100)).faults.isEmpty)
        }
        let rare = try FaultList([.random(RandomFaults(seed: 3, perHour: 1e-300), TimeWindow())], learners: 4)
        #expect(rare.expanded(until: Time(seconds: 1e8)).faults.isEmpty)
    }
}
