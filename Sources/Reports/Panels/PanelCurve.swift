/// Named points of a panel, joined in their order.
public struct PanelCurve: Sendable, Hashable {
    /// A value, and between what it lies.
    public struct Point: Sendable, Hashable {
        /// Its place on the horizontal axis.
        public var x: Double
        /// Nil leaves a gap.
        public var y: Double?
        /// The lower edge of the band around it; nil for none.
        public var low: Double?
        /// The upper edge of the band around it; nil for none.
        public var high: Double?

        /// A point without a band unless both its edges are given. What is no number leaves a gap.
        public init(_ x: Double, _ y: Double?, low: Double? = nil, high: Double? = nil) {
            func number(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
            self.x = x
            self.y = number(y)
            self.low = number(low)
            self.high = number(high)
        }
    }

    /// What the legend calls it.
    public var label: String
    /// How it looks. Curves of one run have one number in all panels.
    public var style: CurveStyle
    /// In the order in which they are joined.
    public var points: [Point]

    /// Points under a name.
    public init(_ label: String, _ style: CurveStyle, points: [Point]) {
        self.label = label
        self.style = style
        self.points = points
    }

    /// Whether a band is drawn around it.
    var hasBand: Bool { points.contains { $0.low != nil && $0.high != nil } }
}
