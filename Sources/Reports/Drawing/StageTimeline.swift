import Foundation
import Records

/// What each peer of a divided network computed when: a row for each, stage by stage, in which the gaps are its
/// waiting.
struct StageTimeline {
    let spans: ComputedSpans
    let stages: [StageRecord]
    /// The share of its time in which a peer computed nothing, by the peer's number.
    let idleShares: [Int: Double]

    private static let width = 1000.0
    private static let left = 74.0
    private static let right = 62.0
    private static let top = 20.0
    private static let row = 20.0
    private static let bar = 16.0

    var markup: Markup {
        let height = Self.top + Double(spans.peers.count) * Self.row + 34
        let label = "what \(Quantity.count(spans.peers.count, "peer")) computed when"
        return """
            <ul class="legend"><li><i class="swatch p0"></i>forward</li><li><i class="swatch p1"></i>backward</li>\
            <li><i class="swatch p2"></i>forward and backward, in the last stage</li>\
            <li><i class="swatch p3"></i>waiting</li></ul>
            <div class="scroll" tabindex="0" role="group" aria-label="\(label)">
            <svg class="still timeline" viewBox="0 0 1000 \(number(height))" role="img" aria-label="\(label)">
            <text x="\(number(Self.width))" y="12" text-anchor="end">idle</text>
            \(spans.peers.enumerated().map { row($0.offset, $0.element.peer, $0.element.spans) })\
            \(axis(floor: height - 34))</svg></div>

            """
    }

    private func row(_ place: Int, _ peer: Int, _ own: [ComputedSpans.Span]) -> Markup {
        let y = Self.top + Double(place) * Self.row
        let stage = stages.first { $0.peers.contains(peer) }
        let isFirst = stage?.peers.first == peer && place > 0
        let line: Markup = isFirst ? "<path class=\"grid\" d=\"M0 \(number(y - 2))H\(number(Self.width))\"/>" : ""
        let name = "peer \(peer)"
        let hint = stage.map { "\(name), stage \($0.stage), layers \($0.layers)" } ?? name
        return """
            \(line)<text x="\(number(Self.left - 8))" y="\(number(y + 12))" text-anchor="end">\(name)\
            <title>\(hint)</title></text>\
            <rect class="p3" x="\(number(Self.left))" y="\(number(y))" \
            width="\(number(Self.width - Self.left - Self.right))" height="\(number(Self.bar))"/>
            \(own.map { bar($0, y) })\
            <text x="\(number(Self.width))" y="\(number(y + 12))" text-anchor="end">\(idle(peer))</text>

            """
    }

    private func idle(_ peer: Int) -> String {
        idleShares[peer].map { "\(Quantity.decimal(100 * $0, 0)) %" } ?? "–"
    }

    private func bar(_ span: ComputedSpans.Span, _ y: Double) -> Markup {
        let (begin, end) = (place(span.begin), place(span.end))
        let kind =
            switch span.direction {
            case .forward: "p0"
            case .backward: "p1"
            case .both: "p2"
            }
        let title =
            "microbatch \(span.microbatch), slot \(span.slot), \(span.direction.rawValue), "
            + "\(Quantity.decimal(span.begin, 4)) to \(Quantity.decimal(span.end, 4)) s"
        let number = "\(span.microbatch)"
        let text: Markup =
            end - begin < 7.5 * Double(number.count) + 3
            ? ""
            : """
            <text class="on" x="\(self.number((begin + end) / 2))" y="\(self.number(y + 12))" \
            text-anchor="middle">\(number)</text>
            """
        return """
            <g><title>\(title)</title><rect class="\(kind)" x="\(self.number(begin))" y="\(self.number(y))" \
            width="\(self.number(max(0.4, end - begin)))" height="\(self.number(Self.bar))"/>\(text)</g>

            """
    }

    private func axis(floor: Double) -> Markup {
        let ticks = Ticks(over: spans.range, count: 8)
        let marks = ticks.values.map { value -> Markup in
            let x = number(place(value))
            return """
                <path class="grid" d="M\(x) \(number(floor))V\(number(floor + 4))"/>\
                <text x="\(x)" y="\(number(floor + 16))" text-anchor="middle">\(Quantity.short(value))</text>

                """
        }
        return """
            \(marks)<text x="\(number((Self.left + Self.width - Self.right) / 2))" y="\(number(floor + 31))" \
            text-anchor="middle">seconds of training</text>

            """
    }

    private func place(_ time: Double) -> Double {
        let share = (time - spans.range.lowerBound) / (spans.range.upperBound - spans.range.lowerBound)
        return Self.left + share * (Self.width - Self.left - Self.right)
    }

    private func number(_ value: Double) -> String {
        value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.2f", value)
    }
}
