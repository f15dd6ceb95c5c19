import CAssets

/// A text that the dashboard serves: all of them are parts of this program, and no path of a request opens a file.
struct Page {
    let text: String
    let type: String

    static let all = [
        "/": Page(text: String(cString: cassets_dashboard_page()), type: "text/html"),
        "/report.css": Page(text: String(cString: cassets_report_style()), type: "text/css"),
        "/dashboard.css": Page(text: String(cString: cassets_dashboard_style()), type: "text/css"),
        "/dashboard.js": Page(text: String(cString: cassets_dashboard_script()), type: "text/javascript"),
    ]
}
