import Conditions
import Configuration
import Experiments
import Foundation
import Gossip
import Graphs
import Testing
import Training

/// Fault lists as experiment files hold them.
@Suite struct ExperimentFaultsTests {
    /// The faults of an experiment with four peers.
    private func faults(_ items: String...) throws -> [Fault] {
        try load("peers: 4\nsimulation:\n  faults:\n" + items.map { "  - \($0)\n" }.joined()).experiment.faultList()
            .faults
    }

    private static func window(_ start: Double, _ end: Double? = nil) -> TimeWindow {
        TimeWindow(from: Time(seconds: start), until: end.map { Time(seconds: $0) })
    }

    private static func span(_ milliseconds: Int64) -> TimeSpan { TimeSpan(nanoseconds: milliseconds * 1_000_000) }

    private static let valid: [(yaml: String, fault: Fault)] = [
        (
            "{at: 2s, for: 1s, partition: [[0, 1], [2, 3]]}", .partition([[0, 1], [2, 3]], window(2, 3))
        ),
        ("{partition: [[2]], for: 1.5}", .partition([[2]], window(0, 1.5))),
        ("{at: 1s, crash: 2, restart_after: 3s}", .crash(2, window(1, 4), isTorn: false)),
        ("{crash: 2, at: 1500ms, restart_after: 1min, torn: true}", .crash(2, window(1.5, 61.5), isTorn: true)),
        ("{crash: 0, at: 0}", .crash(0, window(0), isTorn: false)),
        ("{join: 3, at: 2s}", .join(3, at: Time(seconds: 2))),
        ("{leave: 3, at: 5s}", .leave(3, at: Time(seconds: 5))),
        ("{pause: 1, at: 4s, for: 30s}", .pause(1, window(4, 34))),
        ("{drop: 0.1}", .drop(0.1, window(0))),
        ("{drop: 1, at: 2, for: 0.5}", .drop(1, window(2, 2.5))),
        ("{duplicate: 0.05}", .duplicate(0.05, window(0))),
        ("{reorder: 0.2}", .reorder(0.2, window(0))),
        ("{corrupt: 0.01, at: 500ms}", .corrupt(0.01, window(0.5))),
        ("{corrupt: 1e-7}", .corrupt(1e-7, window(0))),
        ("{delay: 0.1, by: 200ms}", .delay(0.1, by: span(200), window(0))),
        ("{cut: {from: 0, to: 1}, at: 1s, for: 5s}", .cut(from: 0, to: 1, window(1, 6))),
        ("{slow: {peer: 3, factor: 8}}", .slow(3, factor: 8, window(0))),
        ("{clock: {peer: 1, by: -5s}, at: 2s}", .clock(1, by: span(-5000), at: Time(seconds: 2))),
        ("{byzantine: {peer: 2, kind: nan}}", .byzantine(2, .notANumber, window(0))),
        ("{byzantine: {peer: 2, kind: scale}}", .byzantine(2, .scale(10), window(0))),
        ("{byzantine: {peer: 2, kind: scale, factor: -3}, for: 1s}", .byzantine(2, .scale(-3), window(0, 1))),
        ("{byzantine: {peer: 2, kind: sign-flip}, at: 1s}", .byzantine(2, .signFlip, window(1))),
        ("{byzantine: {peer: 2, kind: replay}}", .byzantine(2, .replay, window(0))),
        ("{byzantine: {peer: 2, kind: noise}}", .byzantine(2, .noise(deviation: 1), window(0))),
        ("{byzantine: {peer: 2, kind: free-rider}}", .byzantine(2, .freeRider, window(0))),
        ("{byzantine: {peer: 2, kind: alie}}", .byzantine(2, .alie(z: nil), window(0))),
        ("{byzantine: {peer: 2, kind: alie, z: 1.5}}", .byzantine(2, .alie(z: 1.5), window(0))),
        ("{byzantine: {peer: 2, kind: ipm, epsilon: 0.5}}", .byzantine(2, .ipm(epsilon: 0.5), window(0))),
        ("{byzantine: {peer: 2, kind: dissensus}}", .byzantine(2, .dissensus(epsilon: 1), window(0))),
        ("{byzantine: {peer: 2, kind: label-flip}}", .byzantine(2, .labelFlip, window(0))),
        ("{random: {seed: 7, per_hour: 60}}", .random(RandomFaults(seed: 7, perHour: 60), window(0))),
        (
            "{random: {seed: 7, per_hour: 0.5, kinds: [pause, drop]}, at: 1s, for: 1h}",
            .random(RandomFaults(seed: 7, perHour: 0.5, kinds: [.drop, .pause]), window(1, 3601))
        ),
    ]

    @Test func everyFormIsReadAndWrittenBack() throws {
        for (yaml, fault) in Self.valid {
            #expect(try faults(yaml) == [fault], "\(yaml)")
            #expect(try faults(fault.description) == [fault], "\(fault)")
        }
        for kind in Fault.Kind.allCases {
            #expect(Self.valid.contains { $0.fault.kind == kind }, "no example of \(kind)")
        }
    }

    @Test func everyFormOfThePageIsRead() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/faults.md")
        let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `{") }
        let forms = rows.map { String($0.dropFirst(3).prefix { $0 != "`" }) }
        let read = try forms.map { try faults($0)[0].kind }
        #expect(Set(read) == Set(Fault.Kind.allCases))
    }

    /// The forms in which the page writes them, back from the values.
    @Test func faultsAreWrittenAsPeopleWriteThem() {
        let written = [
            "{partition: [[0, 1], [2, 3]], at: 2s, for: 1s}", "{crash: 2, at: 1s, restart_after: 3s}",
            "{pause: 1, at: 4s, for: 30s}", "{drop: 0.1}", "{cut: {from: 0, to: 1}, at: 1s, for: 5s}",
            "{slow: {peer: 3, factor: 8.0}}", "{clock: {peer: 1, by: -5s}, at: 2s}", "{delay: 0.1, by: 200ms}",
            "{byzantine: {peer: 2, kind: sign-flip}, at: 1s}", "{random: {seed: 7, per_hour: 60.0}}",
            "{crash: 2, at: 1500ms, restart_after: 60s, torn: true}", "{corrupt: 1.0e-07}",
        ]
        let descriptions = Self.valid.map { $0.fault.description }
        for text in written { #expect(descriptions.contains(text), "\(text)") }
    }

    @Test func aWrittenListReplays() throws {
        let list = try FaultList(
            Self.valid.filter { $0.fault.kind != .crash }.map(\.fault).filter { $0.kind != .byzantine },
            learners: 4)
        let loaded = try load("peers: 4", "simulation.faults=\(list)")
        #expect(try loaded.experiment.faultList() == list)
        // And through the experiment as it is written into the run's folder.
        #expect(try load(loaded.experiment.yaml).experiment.faultList() == list)
    }

    @Test(arguments: 1...300) func everyDrawnListReplays(seed: Int) throws {
        let list = RandomFaults.battery(
            seed: UInt64(seed), peers: 4, faultTolerance: [.crash, .restart], seconds: 10)
        #expect(try load("peers: 4", "simulation.faults=\(list)").experiment.faultList() == list, "\(list)")
        let random = try FaultList(
            [.random(RandomFaults(seed: UInt64(seed), perHour: 7200), TimeWindow())], learners: 4)
        let expanded = random.expanded(until: Time(seconds: 20))
        #expect(try load("peers: 4", "simulation.faults=\(expanded)").experiment.faultList() == expanded)
    }

    /// What stands behind the fault's place for a list of one fault, or of several.
    private static let refusals: [(faults: [String], message: String)] = [
        (["{pause: 7, for: 1s}"], "peer 7 does not exist (peers: 4)"),
        (["{pause: -1, for: 1s}"], "peer -1 does not exist (peers: 4)"),
        (["{cut: {from: 0, to: 4}, for: 1s}"], "peer 4 does not exist (peers: 4)"),
        (["{partition: [[0], [9]], for: 1s}"], "peer 9 does not exist (peers: 4)"),
        (["{pause: one, for: 1s}"], "pause is one, not the number of a peer"),
        (["{drop: 1.5}"], "drop is 1.5, not a probability from 0 to 1"),
        (["{delay: -0.1, by: 1s}"], "delay is -0.1, not a probability from 0 to 1"),
        (["{drop: .nan}"], "drop is nan, not a probability from 0 to 1"),
        (["{drop: often}"], "drop is often, not a probability from 0 to 1"),
        (["{drop: }"], "drop is null, not a probability from 0 to 1"),
        (["{drop: 0.1, at: -1s}"], "at is -1s, before the run begins"),
        (["{drop: 0.1, at: -0.5}"], "at is -0.5, before the run begins"),
        (["{drop: 0.1, at: soon}"], "at is soon, not a time such as 2s or 500ms"),
        (["{drop: 0.1, for: 0s}"], "for is 0s, not a time above 0"),
        (["{crash: 1, at: 1s, restart_after: -2s}"], "restart_after is -2s, not a time above 0"),
        (["{pause: 1, for: 1e10}"], "for is 10000000000.0, not a time such as 2s or 500ms"),
        (["{pause: 1}"], "pause needs 'for': how long it lasts, such as for: 5s"),
        (["{cut: {from: 0, to: 1}}"], "cut needs 'for': how long it lasts, such as for: 5s"),
        (["{partition: [[0], [1]], at: 1s}"], "partition needs 'for': how long it lasts, such as for: 5s"),
        (["{crash: 1}"], "crash needs 'at': the moment, such as at: 2s"),
        (["{clock: {peer: 1, by: 1s}}"], "clock needs 'at': the moment, such as at: 2s"),
        (["{delay: 0.1}"], "delay needs 'by': how much later, such as by: 200ms"),
        (["{drp: 0.1}"], "unknown fault 'drp'; did you mean 'drop'?"),
        (
            ["{explode: 0.1}"],
            "unknown fault 'explode'; known are byzantine, clock, corrupt, crash, cut, delay, drop, duplicate, join, "
                + "leave, partition, pause, random, reorder, slow"
        ),
        (
            ["{at: 1s}"],
            "a fault needs its kind, one of drop, duplicate, reorder, delay, corrupt, cut, partition, pause, crash, "
                + "join, leave, clock, slow, byzantine, random"
        ),
        (["{drop: 0.1, corrupt: 0.2}"], "corrupt and drop are 2 faults; give each a table of its own"),
        (["{drop: 0.1, untl: 2s}"], "unknown key 'untl'; known are at, drop, for"),
        (["{drop: 0.1, att: 2s}"], "unknown key 'att'; did you mean 'at'?"),
        (["{drop: 0.1, by: 2s}"], "drop takes no 'by'; beside it may stand at, for"),
        (["{crash: 1, at: 1s, for: 2s}"], "crash takes no 'for'; beside it may stand at, restart_after, torn"),
        (["{crash: 1, at: 1s, torn: maybe, restart_after: 1s}"], "torn is maybe, not true or false"),
        (
            ["{crash: 1, at: 1s, torn: true}"],
            "torn needs restart_after: only a peer that comes back reads its checkpoint"
        ),
        (["{cut: [0, 1], for: 1s}"], "cut is [0, 1], not a table such as {from: 0, to: 1}"),
        (["{cut: {from: 0}, for: 1s}"], "cut is {from: 0} and lacks 'to'; it is a table such as {from: 0, to: 1}"),
        (["{cut: {from: 0, two: 1}, for: 1s}"], "unknown key 'two'; did you mean 'to'?"),
        (["{cut: {from: 1, to: 1}, for: 1s}"], "the cut leads from peer 1 to itself"),
        (
            ["{partition: [0, 1], for: 1s}"],
            "partition is [0, 1], not a list of groups of peers such as [[0, 1], [2, 3]]"
        ),
        (["{partition: [[0, 1], [1, 2]], for: 1s}"], "peer 1 stands in the partition twice"),
        (["{partition: [[0, 0], [1]], for: 1s}"], "peer 0 stands in the partition twice"),
        (["{partition: [[], [1]], for: 1s}"], "a group of the partition is empty"),
        (["{partition: [], for: 1s}"], "the partition separates nobody: all 4 peers are in one group"),
        (["{partition: [[3, 2, 1, 0]], for: 1s}"], "the partition separates nobody: all 4 peers are in one group"),
        (["{slow: {peer: 1, factor: 0}}"], "factor is 0.0, not a number from 0.001 to 1000000"),
        (["{clock: {peer: 1, by: fast}, at: 1s}"], "by is fast, not a time such as 2s or 500ms"),
        (
            ["{byzantine: {peer: 1, kind: shout}}"],
            "unknown kind of byzantine peer 'shout'; known are alie, dissensus, free-rider, ipm, label-flip, nan, "
                + "noise, replay, scale, sign-flip, slander"
        ),
        (
            ["{byzantine: {peer: 1, kind: alie, epsilon: 2}}"],
            "epsilon goes with kind: ipm or dissensus, not with kind: alie"
        ),
        (
            ["{byzantine: {peer: 1, kind: noise, deviation: -1}}"],
            "deviation is -1.0, not a finite number from 0"
        ),
        (
            ["{byzantine: {peer: 1, kind: label-flip}, for: 1s}"],
            "label-flip is in the samples from the beginning to the end; leave out at and for"
        ),
        (
            (0..<4).map { "{byzantine: {peer: \($0), kind: nan}}" },
            "no learner is honest: all are byzantine; leave one out"
        ),
        (["{byzantine: {peer: 1, kind: nan, factor: 2}}"], "factor goes with kind: scale, not with kind: nan"),
        (["{byzantine: {peer: 1, kind: scale, factor: .inf}}"], "factor is inf, not a finite number"),
        (["{random: 3}"], "random is 3, not a table such as {seed: 1, per_hour: 60}"),
        (
            ["{random: {seed: 3}}"],
            "random is {seed: 3} and lacks 'per_hour'; it is a table such as {seed: 1, per_hour: 60}"
        ),
        (["{random: {seed: -3, per_hour: 1}}"], "seed is -3, not a whole number of at least 0"),
        (["{random: {seed: 3, per_hour: 0}}"], "per_hour is 0.0, not a number above 0 and at most 1000000"),
        (["{random: {seed: 3, per_hour: 1, kinds: []}}"], "kinds is [], not a list such as [drop, pause]"),
        (
            ["{random: {seed: 3, per_hour: 1, kinds: [puase]}}"], "unknown fault 'puase'; did you mean 'pause'?"
        ),
        (
            ["{crash: 2, at: 1s, restart_after: 3s}", "{crash: 2, at: 2s}"],
            "peer 2 is down from 1s to 4s and cannot crash at 2s (see faults[0])"
        ),
        (
            ["{crash: 2, at: 2s}", "{crash: 2, at: 1s}"],
            "peer 2 is down from 1s on and cannot crash at 2s (see faults[0])"
        ),
        (
            ["{crash: 2, at: 1s, restart_after: 1s}", "{crash: 2, at: 2s}"],
            "peer 2 is down from 1s to 2s and cannot crash at 2s (see faults[0])"
        ),
        (
            ["{crash: 2, at: 1s, restart_after: 2s}", "{pause: 2, at: 2s, for: 1s}"],
            "peer 2 is down from 1s to 3s and cannot be paused at 2s (see faults[0])"
        ),
        (
            ["{clock: {peer: 2, by: 1s}, at: 2s}", "{crash: 2, at: 1s}"],
            "peer 2 is down from 1s on and cannot have its clock set at 2s (see faults[0])"
        ),
        (
            ["{byzantine: {peer: 2, kind: nan}, at: 1s}", "{byzantine: {peer: 2, kind: replay}, at: 3s}"],
            "peer 2 is byzantine in one way at a time, and is so from 1s on already (see faults[0])"
        ),
        (
            ["{crash: 0, at: 1s}", "{crash: 1, at: 9s}", "{crash: 2, at: 3s}", "{crash: 3, at: 4s}"],
            "no learner is left from 9s on: all die, and none comes back"
        ),
    ]

    @Test func whatCannotHappenIsRefusedAtItsLine() {
        for (faults, message) in Self.refusals {
            let lines = faults.map { "  - \($0)\n" }.joined()
            let place = "x.yaml:\(3 + faults.count):5: simulation.faults[\(faults.count - 1)]: "
            #expect(complaint("peers: 4\nsimulation:\n  faults:\n" + lines) == place + message, "\(faults)")
        }
    }

    @Test func whatIsNoListOfTablesIsRefused() {
        #expect(
            complaint("simulation: {faults: {drop: 0.1}}")
                == "x.yaml:1:14: simulation.faults: {drop: 0.1} is not a list of tables")
        #expect(
            complaint("simulation: {faults: [drop]}")
                == "x.yaml:1:14: simulation.faults: [drop] is not a list of tables")
        #expect(
            complaint("peers: 4", "simulation.faults=[{drop: 0.1}, {pause: 4, for: 1s}]")
                == "override 'simulation.faults=[{drop: 0.1}, {pause: 4, for: 1s}]': simulation.faults[1]: "
                + "peer 4 does not exist (peers: 4)")
    }

    @Test func whatCanHappenIsTaken() throws {
        // A power cut from which all come back, crashes one after the other, a crash in a pause, twice slow.
        _ = try faults(
            "{crash: 0, at: 1s, restart_after: 1s}", "{crash: 1, at: 1s, restart_after: 1s}",
            "{crash: 2, at: 1s, restart_after: 1s}", "{crash: 3, at: 1s, restart_after: 1s}",
            "{crash: 0, at: 3s, restart_after: 1s}", "{pause: 1, at: 4s, for: 5s}", "{crash: 1, at: 5s}",
            "{slow: {peer: 0, factor: 2}}", "{slow: {peer: 0, factor: 2}}", "{pause: 2, at: 2s, for: 1s}")
    }

    @Test func nothingGoesWrongBehindTheMomentOfHealing() throws {
        let experiment = try load(
            """
            peers: 4
            simulation:
              heal_at: 10s
              faults: [{drop: 0.1}, {pause: 1, at: 9s, for: 5s}, {pause: 1, at: 10s, for: 5s}, {crash: 2, at: 1s},
                {crash: 3, at: 2s, restart_after: 1h}, {random: {seed: 1, per_hour: 1}}]
            """
        ).experiment
        #expect(
            try experiment.faultList().description
                == "[{drop: 0.1, for: 10s}, {pause: 1, at: 9s, for: 1s}, {crash: 2, at: 1s}, "
                + "{crash: 3, at: 2s, restart_after: 8s}, {random: {seed: 1, per_hour: 1.0}, for: 10s}]")
    }
}
