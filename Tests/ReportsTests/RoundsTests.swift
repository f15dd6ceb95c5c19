import Foundation
import Testing

@testable import Reports

@Suite struct RoundsTests {
    private func metrics(_ text: String = TestRun.metrics) throws -> Metrics {
        try Metrics(Data(text.utf8), path: "metrics.jsonl")
    }

    @Test func testsOfAStepBelongTogether() throws {
        let rounds = try metrics().tests()
        #expect(rounds.map(\.step) == [5, 10])
        #expect(rounds[0].moment == Moment(time: 2, samples: 80, bytes: 1000, epoch: 0.5))
        #expect(rounds[0].consensus == Score(accuracy: 0.7, loss: 0.9))
        #expect(rounds[0].peers.map(\.peer) == [0, 1])
        #expect(rounds[0].peers.map(\.score) == [Score(accuracy: 0.5, loss: 1.5), Score(accuracy: 0.75, loss: 0.5)])
        #expect(rounds.map(\.distance) == [0.125, 0.25])
        #expect(rounds[1].peers[1].score.loss == nil)
    }

    /// A server's model is told apart from the learners' and from their average.
    @Test func theServerStandsForItself() throws {
        let server =
            #"{"step":5,"time":2.0,"epoch":0.5,"peer":"centre","split":"test","loss":0.25,"accuracy":0.9,"samples":80}"#
        let rounds = try metrics(TestRun.metrics + server + "\n").tests()
        #expect(rounds[0].server == Score(accuracy: 0.9, loss: 0.25))
        #expect(rounds[1].server == nil)
        #expect(try rounds[0].consensus == metrics().tests()[0].consensus)
        #expect(try rounds[0].peers.map(\.score) == metrics().tests()[0].peers.map(\.score))
    }

    /// Peers reach a step at different times: together they stand at the last; bytes lie between two records.
    @Test func trainingStandsWhereTheLastPeerWas() throws {
        let rounds = try metrics().training()
        #expect(rounds.map(\.moment) == [Moment(time: 1.5, samples: 80, bytes: 750, epoch: 0.5)])
        #expect(rounds[0].consensus == nil)
        #expect(rounds[0].distance == nil)
    }

    @Test func theLaterOfTwoRecordsOfAStepHolds() throws {
        let again = #"{"step":10,"time":4.5,"epoch":1.0,"peer":0,"split":"test","loss":0.25,"samples":80}"#
        let rounds = try metrics(TestRun.metrics + again).tests()
        #expect(rounds.count == 2)
        #expect(rounds[1].peers[0].score.loss == 0.25)
        #expect(rounds[1].moment.time == 4.5)
    }

    @Test func bytesLieOnStraightLines() {
        let curve = TrafficCurve([
            Metrics.Traffic(step: 1, time: 2, messages: 1, bytes: 10),
            Metrics.Traffic(step: 2, time: 4, messages: 2, bytes: 30),
            Metrics.Traffic(step: 3, time: 4, messages: 2, bytes: 40),
        ])
        #expect([0, 1, 2, 3, 9].map(curve.bytes(at:)) == [0, 5, 10, 20, 40])
        #expect(curve.bytes(atStep: 2, time: 9) == 30)
        #expect(curve.bytes(atStep: 7, time: 1) == 5)
        #expect(TrafficCurve([]).bytes(at: 3) == 0)
    }
}
