import Foundation
import Testing
import Training

@testable import Reports

@Suite struct ReportPageTests {
    private let still = ReportAssets(style: "/* style */\n", script: "/* script */\n")
    private let moving = ReportAssets(
        style: "/* style */\n", script: "/* script */\n", chartStyle: "/* chart style */", chartScript: "/* charts */")

    private func data(_ html: String) throws -> [String: Any] {
        let begin = try #require(html.firstRange(of: #"<script type="application/json" id="data">"#)).upperBound
        let end = try #require(html[begin...].firstRange(of: "</script>")).lowerBound
        let text = html[begin..<end]
        #expect(!text.contains("<"))
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func saysWhatTheRunCameTo() throws {
        let html = ReportPage(runs: [try TestRun.read()], assets: moving).html
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        for piece in [
            "<title>small (run)</title>",
            """
            <p>gosgd trained softmax on synthetic with 2 peers. The consensus model reached an accuracy of 0.8000 and \
            a loss of 0.5000 on the test samples after 4.0 s of training and 160 samples; the peers&#39; own models \
            lie between 0.6250 and 0.8750.</p>
            """,
            "<p>The peers sent each other 30 messages of 3.0 kB in all.</p>",
            "<p>Of the peers&#39; time 75.0 % went into gradients, 12.5 %",
            "<td>4.0</td><td>160</td><td>3.0 kB</td><td>0.8000</td><td>0.7500</td><td>0.6250</td><td>0.8750</td>",
            "<dt>processor</dt><dd>Some Processor</dd>", "name: small\nseed: 1\n", "<code>peers=2</code>",
        ] {
            #expect(html.contains(piece), "\(piece)")
        }
        #expect(!html.contains("class=\"remark\""))
    }

    @Test func standsAlone() throws {
        let html = ReportPage(runs: [try TestRun.read()]).html
        #expect(html.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;;"))
        #expect(html.prefix(1024).contains(HTMLPage.mark))
        for reference in ["<link", "src=", "@import", "url(", "sourceMappingURL", "<iframe"] {
            // The library's own text may hold such words; the page's must not.
            let page = ReportPage(runs: [try TestRun.read()], assets: moving).html
            #expect(!page.contains(reference), "\(reference)")
            #expect(!ReportAssets.embedded.style.contains(reference))
        }
        // Whatever stands in a script element must not end it.
        #expect(!ReportAssets.embedded.script.contains("</script"))
        #expect(!ReportAssets.embedded.chartScript.contains("</script"))
        #expect(html.matches(of: /<script/).count == html.matches(of: /<\/script>/).count)
    }

    @Test func theScriptGetsTheCurves() throws {
        let run = try TestRun.read()
        let object = try data(ReportPage(runs: [run], assets: moving).html)
        let charts = try #require(object["charts"] as? [[String: Any]])
        #expect(charts.map { $0["id"] as? String } == ["accuracy", "loss", "distance", "learning-rate"])
        let curves = try #require(charts[1]["curves"] as? [[String: Any]])
        let peers = try #require(curves[1]["bytes"] as? [String: [Any]])
        #expect(peers["x"] as? [Double] == [1000, 3000])
        #expect(peers["middle"]?[0] as? Double == 1)
        #expect(peers["middle"]?[1] is NSNull)
        #expect(peers["low"]?.count == 2)
    }

    @Test func namesNeverBecomeMarkup() throws {
        let name = "</script><script>alert(1)</script><img src=x>"
        let run = try TestRun.read(
            [
                "config.yaml": "name: \"\(name)\"\npeers: 2\n", "overrides.txt": "name=\(name)\n",
                "environment.json": TestRun.environment.replacing("Some Processor", with: name),
                "summary.json": TestRun.summary.replacing("gosgd", with: name),
            ], named: "<b>'\"&")
        for runs in [[run], RunRecords.named([run, run])] {
            for assets in [still, moving] {
                let html = ReportPage(runs: runs, assets: assets).html
                #expect(!html.contains("<img"))
                #expect(!html.contains("<script>alert"))
                #expect(!html.contains("<b>&#39;") && !html.contains("<b>'"))
                _ = try data(html)
            }
        }
    }

    @Test func withoutTheLibraryPicturesStandInThePage() throws {
        let html = ReportPage(runs: [try TestRun.read()], assets: still).html
        #expect(html.matches(of: /<svg class="still"/).count == 16)
        #expect(html.contains("<div data-axis=\"time\">"))
        #expect(html.contains("<div data-axis=\"bytes\" hidden>"))
        #expect((try data(html)["charts"] as? [Any])?.isEmpty == true)
    }

    @Test func severalRunsStandSideBySide() throws {
        let other = try TestRun.read(
            ["config.yaml": TestRun.configuration.replacing("0.5", with: "0.25"), "summary.json": nil], named: "other")
        let html = ReportPage(runs: RunRecords.named([try TestRun.read(), other]), assets: moving).html
        #expect(html.contains("<title>2 runs compared</title>"))
        #expect(
            html.contains(
                "<tr><th scope=\"row\" class=\"word\">algorithm.probability</th>"
                    + "<td class=\"word\">0.5</td><td class=\"word\">0.25</td></tr>"))
        #expect(!html.contains("<th scope=\"row\" class=\"word\">seed</th>"))
        #expect(html.contains("Note: probability=0.25: there is no summary.json"))
        let charts = try #require(try data(html)["charts"] as? [[String: Any]])
        let labels = try #require(charts[0]["curves"] as? [[String: Any]]).map { $0["label"] as? String }
        #expect(labels.prefix(2) == ["probability=0.5: consensus", "probability=0.5: peers"])
        #expect(labels.contains("probability=0.25: training"))
    }

    /// A run that has only just begun, or lost everything but one file, still gets its page.
    @Test func littleIsEnough() throws {
        let bare = try TestRun.read([
            "metrics.jsonl": "", "config.yaml": nil, "environment.json": nil, "summary.json": nil, "overrides.txt": nil,
        ])
        for runs in [[bare], [bare, try TestRun.read()]] {
            let html = ReportPage(runs: runs, assets: moving).html
            #expect(html.contains("no model has been tested yet"))
            #expect(html.hasSuffix("</html>\n"))
        }
        #expect(ReportPage(runs: [bare]).html.contains("Nothing has been recorded yet."))
    }
}
