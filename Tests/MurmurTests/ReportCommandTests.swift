import Foundation
import TestKit
import Testing

@Suite struct ReportCommandTests {
    private let small = ["train", "model.name=softmax", "data.name=synthetic", "data.samples=64", "peers=2", "batch=8"]

    private func call(_ arguments: [String], in folder: String, shell: String? = nil) throws -> Called {
        let process = try Command.process(arguments, in: folder, shell: shell)
        try process.run()
        process.waitUntilExit()
        return Called(
            code: process.terminationStatus, output: try Command.text("stdout", in: folder),
            errors: try Command.text("stderr", in: folder))
    }

    private func train(_ name: String, in folder: String, _ settings: [String] = ["steps=3"]) throws -> Called {
        try call(small + settings + ["--output", name, "--quiet"], in: folder)
    }

    @Test func aRunLeavesItsReport() throws {
        try withTemporaryFolder { folder in
            #expect(try train("run", in: folder).code == 0)
            let html = try Command.text("run/report.html", in: folder)
            #expect(html.contains("gosgd trained softmax on synthetic with 2 peers"))
            #expect(html.contains("Who talked to whom"))
            // Written again from the records, it is the same.
            let called = try Command.call("report", "run/", in: folder)
            #expect(called.code == 0, "\(called.errors)")
            #expect(called.output == "run/report.html\n")
            #expect(called.errors == "")
            #expect(try Command.text("run/report.html", in: folder) == html)
        }
    }

    /// A run that replaces an earlier one is built beside it; its report goes by the name it will have.
    @Test func aReplacedRunKeepsItsName() throws {
        try withTemporaryFolder { folder in
            #expect(try train("run", in: folder).code == 0)
            let again = try train("run", in: folder, ["steps=2", "--force"])
            #expect(again.code == 0)
            #expect(try Command.text("run/report.html", in: folder).contains("(run)</title>"))
        }
    }

    @Test func aRunLeavesItsGraphAndItsMistakes() throws {
        try withTemporaryFolder { folder in
            let settings = ["steps=3", "algorithm.name=dpsgd", "optimizer.learning_rate=0.000001"]
            #expect(try train("run", in: folder, settings).code == 0)
            let simulated = ["simulate"] + small.dropFirst() + settings + ["--output", "virtual", "--quiet"]
            #expect(try call(simulated, in: folder).code == 0)
            #expect(try call(["report", "virtual"], in: folder).code == 0)
            for run in ["run", "virtual"] {
                let html = try Command.text("\(run)/report.html", in: folder)
                #expect(html.contains("Spectrum of the mixing matrix") && html.contains("What the model says"))
                #expect(html.contains("<img src=\"data:image/png;base64,") && !html.contains("class=\"remark\""))
            }
            // Waiting for each other in every step, they come to the same model.
            #expect(
                try Command.text("run/predictions.json", in: folder)
                    == Command.text("virtual/predictions.json", in: folder))
        }
    }

    @Test func aRunIsNotLostWithItsReport() throws {
        try withTemporaryFolder { folder in
            // A limit on the size of files that the records keep and the report, with the chart library, does not.
            let called = try call(
                small + ["steps=3", "--output", "run"], in: folder, shell: "trap '' XFSZ; ulimit -f 72")
            #expect(called.code == 0)
            #expect(called.errors.contains("there is no report.html for this run"))
            #expect(try Command.text("run/summary.json", in: folder).contains("\"version\""))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/run/report.html"))
        }
    }

    @Test func aDivergedRunHasAReportToo() throws {
        try withTemporaryFolder { folder in
            let called = try train("run", in: folder, ["optimizer.learning_rate=1e38", "steps=9"])
            #expect(called.code == 1)
            #expect(try Command.text("run/report.html", in: folder).contains("</html>"))
        }
    }

    @Test func runsAreCompared() throws {
        try withTemporaryFolder { folder in
            #expect(try train("one", in: folder).code == 0)
            #expect(try train("two", in: folder, ["seed=2", "steps=3"]).code == 0)
            let called = try Command.call("report", "one", "two", "--figures", "figures", in: folder)
            #expect(called.code == 0, "\(called.errors)")
            #expect(called.output == "report.html\nfigures\n")
            #expect(try Command.text("report.html", in: folder).contains("2 runs compared"))
            #expect(try Command.text("figures/accuracy.tsv", in: folder).contains("seed=2: consensus"))
            if !called.errors.contains("no gnuplot") {
                #expect(try Command.text("figures/accuracy.svg", in: folder).contains("<svg"))
                #expect(FileManager.default.fileExists(atPath: "\(folder)/figures/messages-2.png"))
            }
        }
    }

    @Test func whatIsWrongIsSaid() throws {
        try withTemporaryFolder { folder in
            #expect(try train("run", in: folder).code == 0)
            let metrics = "\(folder)/run/metrics.jsonl"
            let text = try String(contentsOfFile: metrics, encoding: .utf8)
            func report(_ arguments: String...) throws -> Called { try call(["report"] + arguments, in: folder) }
            // A torn last line is no error, and is not passed over in silence.
            try (text + "{\"step\":").write(toFile: metrics, atomically: false, encoding: .utf8)
            let torn = try report("run")
            #expect(torn.code == 0)
            #expect(torn.errors.contains("breaks off"))
            #expect(try Command.text("run/report.html", in: folder).contains("breaks off"))
            // A torn line within the file is one.
            try ("{\"step\":\n" + text).write(toFile: metrics, atomically: false, encoding: .utf8)
            let malformed = try report("run")
            #expect(malformed.code == 65)
            #expect(malformed.errors.hasPrefix("murmur: run/metrics.jsonl:1: "))
            #expect(malformed.errors.split(separator: "\n").count == 1)

            try text.write(toFile: metrics, atomically: false, encoding: .utf8)
            #expect(try report("none").code == 66)
            #expect(try report("run", "none").code == 66)
            #expect(try report().code == 64)
            try "mine".write(toFile: "\(folder)/mine.html", atomically: false, encoding: .utf8)
            #expect(try report("run", "--output", "mine.html").code == 73)
            #expect(try Command.text("mine.html", in: folder) == "mine")
            #expect(try report("run", "--output", "none/report.html").code == 73)
            #expect(try report("run", "--figures", "mine.html").code == 73)
        }
    }

    /// Opening a pipe would wait for its other end.
    @Test func aPipeIsNoPlaceForAReport() throws {
        try withTemporaryFolder { folder in
            #expect(try train("run", in: folder).code == 0)
            try #require(mkfifo("\(folder)/pipe", 0o644) == 0)
            let called = try Command.call("report", "run", "--output", "pipe", in: folder)
            #expect(called.code == 73 && called.errors.contains("pipe: is a device, a pipe"), "\(called.errors)")
        }
    }
}
