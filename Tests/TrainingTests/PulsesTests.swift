import Graphs
import Records
import Runtime
import Testing

@testable import Runs

@Suite struct PulsesTests {
    private func standing(_ steps: UInt64, waits: [Int: Double] = [:]) -> Pulses.Standing {
        Pulses.Standing(
            NodeStatistics(steps: steps), computingSeconds: Double(steps), mass: nil, state: .running,
            waits: Dictionary(uniqueKeysWithValues: waits.map { (PeerID($0), $1) }))
    }

    /// What has passed is the difference of two looks; the first has nothing to compare with. Servers make no steps of
    /// the run.
    @Test func aRecordTellsWhatHasPassedSinceTheOneBefore() throws {
        var pulses = Pulses(learners: 2)
        let none = pulses.record([standing(1), standing(2), standing(0)], time: 1, stepsTotal: 9, dropped: 0)
        #expect(none == nil)
        let now = [standing(3, waits: [1: 0.5]), standing(5), standing(40, waits: [0: 2, 1: 1])]
        let told = pulses.record(now, time: 2, stepsTotal: 9, dropped: 4)
        let first = try #require(told)
        #expect(first.step == 5 && first.steps == PulseRecord.Progress(done: 8, total: 9))
        #expect(first.time == 2 && first.since == 1 && first.dropped == 4 && first.peers.map(\.steps) == [3, 5, 40])
        #expect(
            first.waits == [
                PulseRecord.Wait(peer: 0, awaited: 1, seconds: 0.5), PulseRecord.Wait(peer: 2, awaited: 0, seconds: 2),
                PulseRecord.Wait(peer: 2, awaited: 1, seconds: 1),
            ])
        let later = [standing(3, waits: [1: 0.75]), standing(5), standing(40, waits: [0: 2, 1: 1])]
        let toldLater = pulses.record(later, time: 3, stepsTotal: 9, dropped: 4)
        let second = try #require(toldLater)
        #expect(second.waits == [PulseRecord.Wait(peer: 0, awaited: 1, seconds: 0.25)])
    }

    @Test func manyPeersAreCountedAndNotListed() throws {
        var pulses = Pulses(learners: PeerSummary.pairLimit + 1)
        let many = (0...PeerSummary.pairLimit).map { standing(UInt64($0), waits: [0: 1]) }
        _ = pulses.record(many, time: 0, stepsTotal: 1, dropped: 0)
        let told = pulses.record(many, time: 1, stepsTotal: 1, dropped: 0)
        let record = try #require(told)
        #expect(record.step == PeerSummary.pairLimit && record.peers.isEmpty && record.waits.isEmpty)
    }

    /// Each second, in long runs more seldom, and never more seldom than each ten.
    @Test func recordsAreDueInTime() {
        var pulses = Pulses(learners: 1)
        #expect(pulses.isDue(at: 0))
        for (last, early, due) in [(0.0, 0.9, 1.0), (100, 101, 102), (1000, 1009, 1010.2), (9000, 9009, 9010)] {
            _ = pulses.record([standing(1)], time: last, stepsTotal: 1, dropped: 0)
            #expect(!pulses.isDue(at: early) && pulses.isDue(at: due))
        }
    }
}
