/// Curves against one quantity, from any values: one picture of a page or of a figure for print.
public struct Panel: Sendable, Hashable {
    /// What stands above it.
    public var title: String
    /// What it is drawn against.
    public var horizontal: PanelAxis
    /// What it shows.
    public var vertical: PanelAxis
    /// Drawn in this order, the later ones on top.
    public var curves: [PanelCurve]

    /// A panel of some curves.
    public init(_ title: String, _ horizontal: PanelAxis, _ vertical: PanelAxis, _ curves: [PanelCurve]) {
        self.title = title
        self.horizontal = horizontal
        self.vertical = vertical
        self.curves = curves
    }

    /// The picture under its title and its legend, as a part of a page.
    public var markup: Markup { "<figure>\n\(heading)\(picture)</figure>\n" }

    /// The picture in a frame of its own that scrolls where the screen is narrower, without title and legend.
    var picture: Markup {
        """
        <div class="scroll" tabindex="0" role="group" aria-label="\(title)">
        \(PanelPicture(self).markup)</div>

        """
    }

    private var heading: Markup {
        """
        <figcaption>\(title)</figcaption>
        <ul class="legend">\(curves.map { Self.entry($0.label, $0.style) })</ul>

        """
    }

    /// A line of the legend.
    static func entry(_ label: String, _ style: CurveStyle) -> Markup {
        "<li><i class=\"swatch \(style.classes)\"></i><span>\(label)</span></li>"
    }
}
