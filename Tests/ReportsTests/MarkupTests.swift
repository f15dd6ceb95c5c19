import Testing

@testable import Reports

@Suite struct MarkupTests {
    @Test func textStaysText() {
        let name = #"<img src=x onerror="alert('1')">&"#
        let markup: Markup = "<h1>\(name)</h1>"
        #expect(markup.text == "<h1>&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</h1>")
    }

    @Test func markupStaysMarkup() {
        let item: Markup = "<li>\("a<b")</li>"
        #expect(("<ul>\([item, item])\(3)</ul>" as Markup).text == "<ul><li>a&lt;b</li><li>a&lt;b</li>3</ul>")
    }

    @Test func whatWouldDisguiseANameIsShown() {
        #expect(Markup.escaped("a\u{202E}b\u{0}c\u{1B}d\te\n") == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\te\n")
    }

    @Test func tablesNameTheirColumnsAndRows() {
        let table = HTMLTable(caption: "Both <b>", header: ["run", "loss"], rows: [["a & b", "0.5"]])
        #expect(
            table.markup.text == """
                <div class="scroll" tabindex="0" role="group" aria-label="Both &lt;b&gt;"><table>
                <caption>Both &lt;b&gt;</caption>
                <thead><tr><th scope="col" class="word">run</th><th scope="col">loss</th></tr></thead>
                <tbody>
                <tr><th scope="row" class="word">a &amp; b</th><td>0.5</td></tr>
                </tbody></table></div>

                """)
    }
}
