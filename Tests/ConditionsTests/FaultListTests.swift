import Configuration
import Gossip
import Graphs
import Testing

@testable import Conditions

@Suite struct FaultListTests {
    private func window(_ start: Double, _ end: Double? = nil) -> TimeWindow {
        TimeWindow(from: Time(seconds: start), until: end.map { Time(seconds: $0) })
    }

    private func complaint(_ faults: [Fault], learners: Int = 4, servers: Int = 0) -> ConfigurationError? {
        do throws(ConfigurationError) {
            _ = try FaultList(faults, learners: learners, servers: servers)
            return nil
        } catch {
            return error
        }
    }

    @Test func serversArePeersToo() throws {
        _ = try FaultList([.pause(4, window(0, 1)), .crash(4, window(2), isTorn: false)], learners: 4, servers: 1)
        #expect(
            complaint([.pause(5, window(0, 1))], servers: 1)
                == ConfigurationError(
                    key: "faults[0]", "peer 5 does not exist (peers: 4, servers behind them: 1)"))
        // A server alone is no learner.
        let dead = (0..<4).map { Fault.crash(PeerID($0), window(1), isTorn: false) }
        #expect(complaint(dead, servers: 1)?.key == "faults[3]")
    }

    /// Two things that cannot happen together cannot in either order, and the later in the list is to blame.
    @Test func orderInTheListDoesNotMatter() {
        let pairs: [(Fault, Fault)] = [
            (.crash(1, window(1, 4), isTorn: false), .crash(1, window(2, 3), isTorn: false)),
            (.crash(1, window(1, 4), isTorn: false), .crash(1, window(4), isTorn: false)),
            (.crash(1, window(1, 4), isTorn: false), .pause(1, window(1, 9))),
            (.crash(1, window(1), isTorn: false), .clock(1, by: TimeSpan(nanoseconds: 5), at: Time(seconds: 7))),
            (.byzantine(1, .replay, window(1, 4)), .byzantine(1, .signFlip, window(3, 9))),
        ]
        for (first, second) in pairs {
            #expect(complaint([first, second])?.key == "faults[1]", "\(first) \(second)")
            #expect(complaint([second, .drop(0.5, window(0)), first])?.key == "faults[2]", "\(second) \(first)")
        }
    }

    @Test func whatOnlyTouchesMayFollow() throws {
        _ = try FaultList(
            [
                .crash(1, window(1, 4), isTorn: false), .pause(1, window(4, 5)), .pause(1, window(0, 1)),
                .byzantine(2, .replay, window(1, 4)), .byzantine(2, .signFlip, window(4, 9)),
                .byzantine(3, .replay, window(0)), .crash(2, window(1), isTorn: false),
                .clock(1, by: TimeSpan(nanoseconds: -1), at: Time(seconds: 4)),
            ], learners: 4)
    }

    @Test func healingCutsEveryWindow() throws {
        let list = try FaultList(
            [
                .drop(0.1, window(0)), .cut(from: 0, to: 1, window(3, 9)), .partition([[0]], window(5, 6)),
                .crash(0, window(1), isTorn: false), .crash(1, window(2, 8), isTorn: true),
                .clock(2, by: TimeSpan(nanoseconds: 1), at: Time(seconds: 4)), .slow(3, factor: 2, window(4.5, 4.75)),
                .clock(2, by: TimeSpan(nanoseconds: 1), at: Time(seconds: 5)),
            ], learners: 4)
        #expect(
            list.healed(at: Time(seconds: 5)).faults == [
                .drop(0.1, window(0, 5)), .cut(from: 0, to: 1, window(3, 5)), .crash(0, window(1), isTorn: false),
                .crash(1, window(2, 5), isTorn: true),
                .clock(2, by: TimeSpan(nanoseconds: 1), at: Time(seconds: 4)), .slow(3, factor: 2, window(4.5, 4.75)),
            ])
        #expect(list.healed(at: .zero).faults.isEmpty)
        #expect(list.healed(at: Time(seconds: 100)).healed(at: Time(seconds: 5)) == list.healed(at: Time(seconds: 5)))
    }

    @Test func descriptionIsTheListInYAML() throws {
        #expect(try FaultList(learners: 4).description == "[]")
        let list = try FaultList([.drop(0.5, window(0)), .pause(2, window(0.25, 1))], learners: 4)
        #expect(list.description == "[{drop: 0.5}, {pause: 2, at: 250ms, for: 750ms}]")
    }

    @Test func randomFaultsStandInThePlaceOfTheirLine() throws {
        let list = try FaultList(
            [
                .drop(0.1, window(0)), .random(RandomFaults(seed: 1, perHour: 3600), window(10, 60)),
                .pause(1, window(0, 1)), .random(RandomFaults(seed: 2, perHour: 3600, kinds: [.slow]), window(90)),
            ], learners: 4)
        #expect(list.isRandom)
        let drawn = list.expanded(until: Time(seconds: 120))
        #expect(!drawn.isRandom)
        #expect(drawn == list.expanded(until: Time(seconds: 120)))
        #expect(drawn.faults.first == .drop(0.1, window(0)))
        let middle = try #require(drawn.faults.firstIndex(of: .pause(1, window(0, 1))))
        let (first, second) = (drawn.faults[1..<middle], drawn.faults[(middle + 1)...])
        #expect(first.count > 20 && second.count > 10)
        #expect(first.allSatisfy { $0.window.start >= Time(seconds: 10) && $0.window.start < Time(seconds: 60) })
        #expect(second.allSatisfy { $0.kind == .slow && $0.window.start >= Time(seconds: 90) })
        #expect(second.allSatisfy { $0.window.end.map { $0 <= Time(seconds: 120) } ?? false })
        // A run that ends before they begin has none.
        #expect(list.expanded(until: Time(seconds: 10)).faults == [list.faults[0], list.faults[2]])
    }
}
