import Foundation
import Records
import TestKit
import Testing

@testable import Reports

@Suite struct HTMLPageTests {
    @Test func textStaysText() {
        let page = HTMLPage(
            title: "<script>1</script>", remarks: ["</p><script>2"],
            sections: HTMLPage.section("<b>", "<p>whole</p>") + HTMLPage.section("empty", ""), footer: "<i>")
        #expect(!page.html.contains("<script") && !page.html.contains("<b>") && !page.html.contains("<i>"))
        #expect(page.html.contains("<h2>&lt;b&gt;</h2>\n<p>whole</p></section>") && !page.html.contains("empty"))
        #expect(page.html.contains("<p class=\"remark\">Note: &lt;/p&gt;&lt;script&gt;2.</p>"))
    }

    @Test func isWrittenInPlaceOfAnEarlierOne() throws {
        try withTemporaryFolder { folder in
            let page = HTMLPage(title: "a", sections: "", footer: "b")
            for _ in 0..<2 { try ReportFile.write(page, to: "\(folder)/page.html") }
            #expect(try String(contentsOfFile: "\(folder)/page.html", encoding: .utf8) == page.html)
        }
    }
}
