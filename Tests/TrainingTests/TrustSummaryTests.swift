import Records
import Testing

@Suite struct TrustSummaryTests {
    private func edges(_ byzantine: [Double], _ honest: [Double]) -> [TrustSummary.Edge] {
        byzantine.map { TrustSummary.Edge(isByzantine: true, trust: $0, firstRest: $0 < 0.3 ? 7 : nil) }
            + honest.map { TrustSummary.Edge(isByzantine: false, trust: $0, firstRest: nil) }
    }

    @Test func equalTrustCountsHalf() throws {
        let summary = try #require(TrustSummary(edges([0.1, 0.5], [0.5, 0.9])))
        #expect(summary.areaUnderROC == 3.5 / 4)
        #expect(summary.byzantineIsolated == 0.5)
        #expect(summary.roundsToIsolation == 7)
        #expect(summary.honestIsolated == 0)
        #expect(summary.inByzantine == 0.3)
    }

    @Test func whatDoesNotApplyIsNil() throws {
        #expect(TrustSummary([]) == nil)
        let summary = try #require(TrustSummary(edges([], [0.9])))
        #expect(summary.areaUnderROC == nil && summary.inByzantine == nil && summary.inHonest == 0.9)
    }
}
