/// How a curve looks, the same on a page and in print.
public struct CurveStyle: Sendable, Hashable {
    /// What the pen does.
    public enum Stroke: Sendable, Hashable {
        /// A line, as of what a run is judged by.
        case strong
        /// A thinner line, as of one among several.
        case thin
        /// A thin line of dashes, as of what was measured on the way.
        case dashed
        /// Points that no line joins.
        case dots
    }

    /// The curve's place among the colours, from 0. Behind the last one they come again, their lines broken.
    public var number: Int
    /// What the pen does.
    public var stroke: Stroke

    /// A line in the colour of that number.
    public init(_ number: Int, _ stroke: Stroke = .strong) {
        precondition(number >= 0, "colours are counted from 0, and \(number) is none")
        self.number = number
        self.stroke = stroke
    }

    /// Colours told apart by those who see few, too (Okabe and Ito); in the same order in the style sheet.
    static let palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]

    /// Its place in the palette.
    var color: Int { number % Self.palette.count }
    /// How often the palette has been gone through before, as far as there are dashes to show it.
    private var turn: Int { min(number / Self.palette.count, Self.turns.count - 1) }

    /// Lengths of dashes and gaps, for each time that the palette is gone through.
    private static let turns: [[Int]] = [[], [2, 3], [10, 3, 2, 3], [10, 3, 2, 3, 2, 3]]
    private static let dashes = [6, 4]

    /// Lengths of dashes and gaps; none for a line without gaps.
    var pattern: [Int] { stroke == .dashed ? Self.dashes : Self.turns[turn] }

    /// Of the line, in pixels.
    var width: Double { stroke == .strong ? 2.4 : 1.4 }

    /// The classes in the style sheet.
    var classes: String {
        let word =
            switch stroke {
            case .strong: ""
            case .thin: " thin"
            case .dashed: " dashed"
            case .dots: " dots"
            }
        return "line c\(color)" + word + (stroke == .dashed || turn == 0 ? "" : " again\(turn)")
    }

    /// What gnuplot is told of it.
    var plotted: String {
        let color = "linecolor rgb '\(Self.palette[color])'"
        if stroke == .dots { return "with points pointtype 7 pointsize 0.6 \(color)" }
        let pattern = pattern.map(String.init).joined(separator: ",")
        return "with lines linewidth \(stroke == .strong ? 2 : 1.2) "
            + "\(pattern.isEmpty ? "" : "dashtype (\(pattern)) ")\(color)"
    }
}
