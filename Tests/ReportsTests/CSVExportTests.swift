import Records
import TestKit
import Testing

@testable import Reports

@Suite struct CSVExportTests {
    /// Reads what RFC 4180 describes.
    private func fields(_ text: String) -> [[String]] {
        var (rows, row, field, isQuoted): ([[String]], [String], String, Bool) = ([], [], "", false)
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"" where isQuoted && rest.first == "\"":
                field.unicodeScalars.append("\"")
                rest.removeFirst()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                row.append(field)
                field = ""
            case "\r" where !isQuoted && rest.first == "\n":
                rest.removeFirst()
                rows.append(row + [field])
                (row, field) = ([], "")
            default: field.unicodeScalars.append(scalar)
            }
        }
        return rows
    }

    @Test(arguments: ["", "a", "a,b", "a\"b", "\"", "a\nb", "a\r\nb", " a ", "é,\"\",\r", "\r"])
    func anyTextComesBack(text: String) {
        let table = CSVTable(header: ["x", "y"], rows: [[text, "1"], ["2", text]])
        #expect(fields(table.text) == [["x", "y"], [text, "1"], ["2", text]])
    }

    @Test func thereIsATableForEachKind() throws {
        let stage =
            #"{"kind":"stage","step":0,"time":0,"stage":0,"layers":"0,\"1","peers":[0,1],"parameters":9,"#
            + #""split":"rows"}"#
            + "\n"
            + #"{"kind":"span","step":3,"time":1.5,"peer":1,"begin":1.25,"end":1.5,"pass":"forward","#
            + #""microbatch":17,"slot":0}"# + "\n"
        let run = try TestRun.read([
            "metrics.jsonl": stage + TestRun.metrics, "predictions.json": PredictionsSectionTests.predictions.text,
        ])
        let tables = Dictionary(
            uniqueKeysWithValues: CSVExport(run: run).tables.map { ($0.name, fields($0.table.text)) })
        #expect(
            tables.keys.sorted() == [
                "consensus.csv", "learning.csv", "messages.csv", "network.csv", "peers.csv", "predictions.csv",
                "settings.csv", "spans.csv", "stages.csv",
            ])
        for rows in tables.values { #expect(Set(rows.map(\.count)).count == 1) }
        let learning = try #require(tables["learning.csv"])
        #expect(learning.count == 9)
        #expect(learning[1] == ["5", "1", "0.5", "0", "train", "2", "0.25", "40", "0.25"])
        #expect(learning[5] == ["5", "2", "0.5", "consensus", "test", "0.9", "0.7", "80", ""])
        // A loss that is no number is nothing.
        #expect(learning[7] == ["10", "4", "1", "1", "test", "", "0.625", "80", ""])
        #expect(tables["consensus.csv"]?[2] == ["10", "4", "0.25"])
        #expect(tables["network.csv"]?[1] == ["5", "2", "10", "1000"])
        #expect(tables["stages.csv"]?[1] == ["0", "0,\"1", "0 1", "9", "rows"])
        #expect(tables["spans.csv"]?[1] == ["1", "1.25", "1.5", "forward", "17", "0"])
        #expect(tables["messages.csv"]?.dropFirst() == [["0", "1", "10", "1000"], ["1", "0", "20", "2000"]])
        #expect(tables["predictions.csv"]?[3] == ["2", "cat", "dog"])
        #expect(tables["settings.csv"]?.contains(["algorithm.probability", "0.5"]) == true)
        #expect(tables["peers.csv"]?[2].prefix(3) == ["1", "10", "80"])
    }

    @Test func littleIsEnough() throws {
        let run = try TestRun.read(["metrics.jsonl": "", "config.yaml": nil, "summary.json": nil])
        #expect(CSVExport(run: run).tables.isEmpty)
    }
}
