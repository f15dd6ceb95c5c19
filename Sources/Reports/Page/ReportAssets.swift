import CAssets

/// The style sheets and scripts that stand in every report.
struct ReportAssets: Sendable {
    var style: String
    var script: String
    /// The chart library; empty where it was absent when this program was built, and reports hold still pictures.
    var chartStyle = ""
    var chartScript = ""

    var hasCharts: Bool { !chartScript.isEmpty }

    /// What this program carries.
    static let embedded = ReportAssets(
        style: String(cString: cassets_report_style()), script: String(cString: cassets_report_script()),
        chartStyle: withoutSourceMap(String(cString: cassets_dygraphs_style())),
        chartScript: withoutSourceMap(String(cString: cassets_dygraphs_script())))

    /// The text without the comment that names a file for debuggers: a report has none beside it.
    static func withoutSourceMap(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("//# sourceMappingURL=") && !$0.hasPrefix("/*# sourceMappingURL=") }
            .joined(separator: "\n")
    }
}
