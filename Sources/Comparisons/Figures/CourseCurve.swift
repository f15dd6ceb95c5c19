import Reports

/// The course of runs that differ in their seeds alone, as one curve.
struct CourseCurve: Sendable {
    let label: String
    let runs: [FinishedRun]

    private static let longest = 400

    /// The mean of the runs with the least and the most around it, test by test. They share the schedule of their
    /// tests; where one ended earlier than the others the curve ends with it.
    func panelCurve(_ measure: CourseMeasure, against axis: CourseAxis, style: CurveStyle) -> PanelCurve {
        let courses = runs.map { measure.points($0.course) }.filter { !$0.isEmpty }
        let count = courses.map(\.count).min() ?? 0
        let stride = max(1, (count + Self.longest - 1) / Self.longest)
        let points = Swift.stride(from: count - 1, through: 0, by: -stride).reversed().map { index in
            let values = courses.map { $0[index].value }
            let places = courses.map { axis.value($0[index].point) }
            return PanelCurve.Point(
                places.reduce(0, +) / Double(places.count), values.reduce(0, +) / Double(values.count),
                low: values.count > 1 ? values.min() : nil, high: values.count > 1 ? values.max() : nil)
        }
        return PanelCurve(label, style, points: points)
    }

    /// A panel of several, each in a colour of its own.
    static func panel(
        _ curves: [CourseCurve], _ measure: CourseMeasure, against axis: CourseAxis, isLogarithmic: Bool = false
    ) -> Panel {
        let drawn = curves.enumerated().map { index, curve in
            curve.panelCurve(measure, against: axis, style: CurveStyle(index))
        }
        return Panel(
            "\(measure.title) against \(axis.title)", PanelAxis(axis.title),
            PanelAxis(measure.title, isLogarithmic: isLogarithmic), drawn.filter { !$0.points.isEmpty })
    }
}
