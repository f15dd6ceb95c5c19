extension Curve {
    /// How it looks: curves of a single run differ in colour by what they are, those of several by the run.
    func style(runs: Int) -> CurveStyle {
        let number =
            switch kind {
            case _ where runs > 1: run
            case .consensus, .distance, .rate: 0
            case .peers: 1
            case .training: 2
            case .server: 3
            }
        return CurveStyle(number, kind == .peers ? .thin : kind == .training ? .dashed : .strong)
    }
}

extension Chart {
    /// The chart against one of its axes.
    func panel(on axis: Axis, runs: Int) -> Panel {
        Panel(
            title, PanelAxis(axis.name), PanelAxis(title),
            curves.map { curve in
                PanelCurve(
                    curve.label, curve.style(runs: runs),
                    points: curve.points(on: axis).map { x, band in
                        PanelCurve.Point(
                            x, band.middle, low: curve.hasBand ? band.low : nil, high: curve.hasBand ? band.high : nil)
                    })
            })
    }
}
