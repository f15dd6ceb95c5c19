/// What a panel is drawn against, or what it shows.
public struct PanelAxis: Sendable, Hashable {
    /// The quantity and its unit: `seconds of training`.
    public var title: String
    /// Whether equal ratios are equal lengths. What is not above 0 has no place then, and is left out.
    public var isLogarithmic: Bool

    /// An axis from end to end of the values.
    public init(_ title: String, isLogarithmic: Bool = false) {
        self.title = title
        self.isLogarithmic = isLogarithmic
    }
}
