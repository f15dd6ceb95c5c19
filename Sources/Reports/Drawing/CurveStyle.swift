import Foundation

/// How a curve looks: its place in the palette, and what else tells it from others.
struct CurveStyle {
    /// Colours in the palette of the style sheet.
    static let colors = 6

    let color: Int
    let isThin: Bool
    let isDashed: Bool

    init(_ curve: Curve, runs: Int) {
        let kinds: [Curve.Kind: Int] = [.consensus: 0, .peers: 1, .training: 2, .distance: 0, .server: 3, .rate: 0]
        color = (runs == 1 ? kinds[curve.kind] ?? 0 : curve.run) % Self.colors
        isThin = curve.kind == .peers
        isDashed = curve.kind == .training
    }

    var classes: String { "line c\(color)" + (isThin ? " thin" : "") + (isDashed ? " dashed" : "") }
}
