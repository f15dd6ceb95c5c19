import Testing

@testable import Reports

@Suite struct SentencesTests {
    @Test func theDeadAreNamed() throws {
        #expect(!RunSentences(run: try TestRun.read()).all.contains { $0.contains("died") })
        let dead = TestRun.summary.replacing("\"loss\":null", with: "\"loss\":null,\"died_at_seconds\":1.5")
            .replacing("\"weight_mass\":1", with: "\"weight_mass\":0.5,\"lost_mass\":0.5")
        let sentences = RunSentences(run: try TestRun.read(["summary.json": dead])).all
        #expect(
            sentences.contains(
                "1 peer died: peer 1 after 1.5 s; a weight of 0.5000 was lost. They are in no average from then on."))
    }
}
