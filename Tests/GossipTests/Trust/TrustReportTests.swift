import Graphs
import Testing

@testable import Gossip

@Suite struct TrustReportTests {
    @Test func aReportComesAsItWasSent() {
        for number in 0..<200 {
            let report = TrustReport(
                level: number * 5, levelSum: number * 20_000, wasKept: number % 2 == 1,
                limit: DistanceLimit(Double(number) * 0.37),
                opinion: Opinion(bits: Opinion(good: Double(number) / 20, count: Double(number) / 10).bits))
            let metadata = report.metadata(round: 7)
            #expect(TrustReport(metadata) == report)
            #expect(metadata.round == 7)
            #expect(metadata.weight == metadata.weight.rounded() && metadata.weight < 0x1p31)
        }
    }

    /// Whatever a byzantine peer writes there is some report.
    @Test(arguments: [Double.nan, .infinity, -1, 1e300]) func anyMetadataIsAReport(weight: Double) {
        let report = TrustReport(Metadata(tag: .max, weight: weight))
        #expect(report.opinion.count == 0)
        #expect(report.level == TrustReport.levels)
    }
}
