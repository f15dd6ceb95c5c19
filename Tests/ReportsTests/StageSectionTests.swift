import Foundation
import Records
import Testing

@testable import Reports

/// The section on a divided network: who holds what, and what each peer computed when.
@Suite struct StageSectionTests {
    private static let stages = """
        {"kind":"stage","step":0,"time":0,"stage":0,"layers":"0-2","peers":[0,1],"parameters":1234,"split":"rows"}
        {"kind":"stage","step":0,"time":0,"stage":1,"layers":"3-<4","peers":[2,3],"parameters":56,"split":"rows"}

        """

    private func line(_ peer: Int, _ begin: Double, _ end: Double, _ pass: String, _ microbatch: Int) -> String {
        #"{"kind":"span","step":0,"time":\#(end),"peer":\#(peer),"begin":\#(begin),"end":\#(end),"pass":"\#(pass)","#
            + #""microbatch":\#(microbatch),"slot":0}"# + "\n"
    }

    private func section(_ metrics: String) throws -> String {
        StageSection(run: try TestRun.read(["metrics.jsonl": TestRun.metrics + metrics])).markup.text
    }

    @Test func aRunWhoseNetworkIsWholeHasNoSuchSection() throws {
        #expect(try section("") == "")
        let page = ReportPage(runs: [try TestRun.read()]).html
        #expect(!page.contains("<h2>Stages</h2>"))
    }

    @Test func theTableSaysWhoHoldsWhat() throws {
        let text = try section(Self.stages)
        for part in ["0–1</td>", "1,234</td>", ">0-2</td>", ">3-&lt;4</td>", "2–3</td>", ">56</td>", ">rows</td>"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("<svg"))
        let page = ReportPage(runs: [try TestRun.read(["metrics.jsonl": TestRun.metrics + Self.stages])]).html
        #expect(page.contains("<h2>Stages</h2>"))
    }

    /// A row for each peer, with its bars where they belong: 864 units for the 8 s of the stretch.
    @Test func theTimelineHasARowForEachPeer() throws {
        let text = try section(
            Self.stages + line(0, 1, 2, "forward", 7) + line(0, 8, 9, "backward", 7) + line(2, 3, 9, "both", 7))
        #expect(text.components(separatedBy: "class=\"p3\" x=").count == 3)
        #expect(text.contains(#"<rect class="p0" x="74" y="20" width="108" height="16"/>"#))
        #expect(text.contains(#"<rect class="p1" x="830" y="20" width="108" height="16"/>"#))
        #expect(text.contains(#"<rect class="p2" x="290" y="40" width="648" height="16"/>"#))
        #expect(text.contains(#"text-anchor="middle">7</text>"#))
        #expect(text.contains("microbatch 7, slot 0, forward, 1.0000 to 2.0000 s"))
        // Of 4 s the peer computed 3; nothing is known of one that is not in the summary.
        #expect(text.contains(">25 %</text>") && text.contains(">–</text>"))
        // A line parts the stages.
        #expect(text.contains(#"<path class="grid" d="M0 38H1000"/>"#))
        #expect(text.contains("peer 2, stage 1, layers 3-&lt;4"))
    }

    /// A number has no room in a bar that is narrower than it, and no bar is so narrow that it is not seen.
    @Test func aShortSpanHasNoNumber() throws {
        let text = try section(line(0, 0, 0.00001, "forward", 123_456) + line(0, 9, 10, "forward", 5))
        #expect(!text.contains(">123456</text>") && text.contains(">5</text>"))
        #expect(text.contains(#"width="0.40" height="16""#))
    }

    /// Times that no run comes to are left out, and the others drawn.
    @Test func timesThatAreNoneAreLeftOut() throws {
        let odd = line(0, -1, 2, "forward", 1) + line(0, 5, 4, "forward", 2) + line(0, 1, 1e300, "forward", 3)
        #expect(try section(odd) == "")
        let text = try section(odd + line(0, 1, 2, "backward", 7))
        #expect(text.components(separatedBy: "<g>").count == 2 && text.contains(">7</text>"))
    }

    // MARK: The stretch

    private typealias Span = ComputedSpans.Span

    private func span(_ peer: Int, _ begin: Double, seconds: Double = 1) -> Span {
        Span(peer: peer, begin: begin, end: begin + seconds, direction: .forward, microbatch: 0, slot: 0)
    }

    /// It ends with one of the busiest peers, whose records end while the run goes on, and begins where it has no more
    /// than can be told apart.
    @Test func theLatestStretchOfWhichAllTellIsDrawn() throws {
        let slow = (0..<100).map { span(0, Double($0) * 2, seconds: 1.5) }
        let quick = (0..<200).map { span(1, Double($0) * 0.5, seconds: 0.25) }
        let spans = try #require(ComputedSpans(quick.reversed() + slow))
        // The last of the quick peer ends at 99.75; the 40 before that begin at 80.
        #expect(spans.range == 80...99.75)
        #expect(spans.peers.map(\.peer) == [0, 1])
        #expect(spans.peers[0].spans.map(\.begin) == stride(from: 80, through: 98, by: 2).map(Double.init))
        #expect(spans.peers[1].spans.count == 40)
        // Of two that are as busy the first to end.
        #expect(ComputedSpans(quick + quick.map { span(2, $0.begin + 30) })?.range.upperBound == 99.75)
    }

    @Test func aShortRunIsDrawnWhole() throws {
        let spans = try #require(ComputedSpans([span(0, 3), span(1, 0), span(0, 5)]))
        #expect(spans.range == 0...6 && spans.peers.map { $0.spans.count } == [2, 1])
        #expect(ComputedSpans([]) == nil && ComputedSpans([span(0, 1, seconds: 0)]) == nil)
    }

    @Test func veryManyPeersAreNotAllDrawn() throws {
        let spans = try #require(ComputedSpans((0..<1000).flatMap { peer in (0..<50).map { span(peer, Double($0)) } }))
        #expect(spans.peers.count == ComputedSpans.peerLimit && spans.peers.allSatisfy { $0.spans.count == 8 })
    }

    @Test func numbersThatFollowEachOtherAreDrawnTogether() {
        #expect(StageSection.ranges([0, 1, 2, 5, 7, 8]) == "0–2, 5, 7–8" && StageSection.ranges([]) == "")
        #expect(StageSection.ranges([.min, .max]) == "\(Int.min), \(Int.max)")
    }
}
