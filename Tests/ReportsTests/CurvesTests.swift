import Foundation
import Testing

@testable import Reports

@Suite struct CurvesTests {
    @Test func aBandHoldsLeastMeanAndMost() {
        let band = Band(over: [0.5, 0.25, 0.75])
        #expect(band.low == 0.25)
        #expect(band.middle == 0.5)
        #expect(band.high == 0.75)
    }

    /// The mean of those that still have a loss would look better than the run is.
    @Test(arguments: [[0.5, nil], [0.5, .nan], [.infinity, 1], []])
    func aPeerWithoutANumberLeavesAGap(values: [Double?]) {
        #expect(Band(over: values) == Band(nil))
    }

    @Test func aRunHasItsCurves() throws {
        let charts = Chart.charts(of: [try TestRun.read()])
        #expect(charts.map(\.id) == ["accuracy", "loss", "distance", "learning-rate"])
        #expect(charts[0].curves.map(\.kind) == [.consensus, .peers, .training])
        #expect(charts[0].curves[0].points.map(\.band.middle) == [0.7, 0.8])
        #expect(charts[0].curves[1].points.map(\.band.middle) == [0.625, 0.75])
        #expect(charts[1].curves[1].points.map(\.band.high) == [1.5, nil])
        #expect(charts[1].curves[2].points.map(\.band.low) == [1])
        #expect(charts[2].curves[0].points.map(\.band.middle) == [0.125, 0.25])
        #expect(charts[3].curves.map(\.label) == ["learning rate"])
        let rate = try #require(charts[3].curves[0].points.first).band
        #expect(rate == Band(over: [0.25, 0.125]) && charts[3].curves[0].points.count == 1)
    }

    /// Records of a version that did not keep it.
    @Test func withoutALearningRateThereIsNoChartOfIt() throws {
        let run = try TestRun.read(["metrics.jsonl": TestRun.metrics.replacing(/,"learning_rate":[0-9.]+/, with: "")])
        let charts = Chart.charts(of: [run])
        #expect(charts.map(\.isEmpty) == [false, false, false, true])
        #expect(charts[1].curves.map(\.kind) == [.consensus, .peers, .training])
    }

    /// A run with a server has a curve for its model, and its sentence.
    @Test func aServerHasACurve() throws {
        let server =
            #"{"step":10,"time":4.0,"epoch":1.0,"peer":"centre","split":"test","loss":0.2,"accuracy":0.9,"samples":80}"#
        let run = try TestRun.read(["metrics.jsonl": TestRun.metrics + server + "\n"])
        let accuracy = Chart.charts(of: [run])[0]
        #expect(accuracy.curves.map(\.kind) == [.consensus, .server, .peers, .training])
        #expect(accuracy.curves[1].points.map(\.band.middle) == [0.9])
        #expect(RunSentences(run: run).outcome.contains("The server's model reached an accuracy of 0.9000"))
    }

    @Test func aSinglePeerIsItsOwnConsensus() throws {
        let lines = TestRun.metrics.split(separator: "\n").filter { !$0.contains("\"peer\":1") }
        let run = try TestRun.read(["metrics.jsonl": lines.joined(separator: "\n") + "\n"])
        #expect(Chart.charts(of: [run])[0].curves.map(\.kind) == [.consensus, .training])
    }

    @Test func aRunWithoutRecordsHasNoCurves() throws {
        let run = try TestRun.read(["metrics.jsonl": "", "summary.json": nil])
        #expect(!Chart.charts(of: [run]).contains { !$0.isEmpty })
    }

    @Test func ofSeveralPointsAtAPlaceTheLastIsShown() {
        func point(_ time: Double, _ value: Double) -> (moment: Moment, band: Band) {
            (Moment(time: time, samples: time * 10, bytes: 0), Band(value))
        }
        let curve = Curve(run: 0, kind: .consensus, label: "", points: [point(1, 5), point(2, 6), point(3, 7)])
        #expect(curve.points(on: .samples).map(\.x) == [10, 20, 30])
        #expect(curve.points(on: .bytes).map(\.x) == [0])
        #expect(curve.points(on: .bytes).map(\.band.middle) == [7])
    }

    @Test(arguments: [1, 3]) func longRunsAreThinned(count: Int) throws {
        let lines = (1...4000).map { step in
            [("train", "0"), ("test", "0"), ("test", "null")].map { split, peer in
                #"{"step":\#(step),"time":\#(step),"epoch":1,"peer":\#(peer),"split":"\#(split)","#
                    + #""loss":\#(step),"samples":1}"# + "\n"
            }.joined()
        }.joined()
        let run = try TestRun.read(["metrics.jsonl": lines])
        let curves = Chart.charts(of: [RunRecords](repeating: run, count: count))[1].curves
        let rows = Set(curves.flatMap { curve in curve.points.map { [Double(curve.run), $0.moment.time] } })
        #expect(rows.count <= Chart.rowLimit)
        for curve in curves {
            #expect(curve.points.count >= 1000 / count - 1)
            #expect(curve.points.first?.band.middle == 1)
            #expect(curve.points.last?.band.middle == 4000)
        }
    }
}
