import Records
import TestKit
import Testing

@testable import Reports

/// What another version wrote is read as far as it is understood, and what is left out is said.
@Suite struct OtherVersionsTests {
    private let older = TestRun.environment.replacing("\"0.1.0\"", with: "\"0.0.1\"")

    @Test func recordsThatLackSomethingAreLeftOut() throws {
        let run = try TestRun.read([
            "environment.json": older.replacing("\"cores\":2,", with: ""),
            "summary.json": TestRun.summary.replacing("\"0.1.0\"", with: "\"9.0\"").replacing("\"peers\":2,", with: ""),
        ])
        #expect(run.environment == nil && run.summary == nil)
        #expect(run.remarks.count == 2)
        #expect(run.remarks[0].hasPrefix("environment.json of version 0.0.1 ") && run.remarks[0].contains("'cores'"))
        #expect(run.remarks[1].hasPrefix("summary.json of version 9.0 ") && run.remarks[1].contains("'peers'"))
        #expect(ReportPage(runs: [run]).html.contains("Note: summary.json of version 9.0"))
    }

    @Test func linesThatAreNotUnderstoodAreCounted() throws {
        let strange = "{\"step\":1,\"time\":1,\"split\":\"holdout\"}\n{\"kind\":\"network\",\"step\":1,\"time\":1}\n"
        let run = try TestRun.read(["environment.json": older, "metrics.jsonl": strange + TestRun.metrics])
        #expect(run.remarks.map { $0.prefix(33) } == ["2 lines of metrics.jsonl are in n"])
        #expect(run.tests.count == 2)
        // This version wrote no such lines.
        #expect(throws: RecordError.self) { try TestRun.read(["metrics.jsonl": strange + TestRun.metrics]) }
    }

    @Test(
        arguments: [
            ("graph.json", "{}"), ("graph.json", "<script>"), ("graph.json", "{\"name\":\"a\",\"period\":0}"),
            ("graph.json", #"{"name":"a","period":1,"columns":null,"receivers":[[5]]}"#),
            ("predictions.json", "[1]"),
            (
                "predictions.json",
                "{\"classes\":[" + [String](repeating: "\"a\"", count: 2001).joined(separator: ",")
                    + "],\"labels\":[],\"answers\":[],\"mistakes\":[]}"
            ),
            ("predictions.json", #"{"classes":["a"],"labels":[0,1],"answers":[0,0],"mistakes":[]}"#),
            ("predictions.json", #"{"classes":["a"],"labels":[0],"answers":[],"mistakes":[]}"#),
            (
                "predictions.json",
                #"{"classes":["a","b"],"labels":[0],"answers":[1],"mistakes":"#
                    + #"[{"sample":0,"confidence":1,"image":"x\" onerror=alert(1)"}]}"#
            ),
            (
                "predictions.json",
                #"{"classes":["a","b"],"labels":[0],"answers":[1],"mistakes":"#
                    + #"[{"sample":9,"confidence":1e999,"image":"iVBORw0KGgo="}]}"#
            ),
        ])
    func whatAReportCanDoWithoutIsLeftOut(file: String, text: String) throws {
        let run = try TestRun.read([file: text])
        #expect(run.remarks == ["\(file) is not in the form that this version writes, and is left out"])
        #expect(run.graph == nil && run.predictions == nil)
        #expect(!ReportPage(runs: [run]).html.contains("onerror"))
    }
}
