import Foundation
public import Records

/// The file of a report.
public enum ReportFile {
    public static let name = "report.html"
    /// Whether the chart library was there when this program was built: without it reports hold still pictures.
    public static var hasCharts: Bool { ReportAssets.embedded.hasCharts }

    /// Throws when something lies at a path that is no report of ours: that is never replaced.
    public static func check(_ path: String) throws(OutputError) {
        switch DurableFiles.kind(of: path) {
        case .nothing: return
        case .folder: throw OutputError(path, "is a folder; name a file with --output")
        case .other:
            // Opening a pipe would wait for its other end.
            try DurableFiles.checkReplaceable(path)
            guard let file = FileHandle(forReadingAtPath: path) else {
                throw OutputError(path, "exists and cannot be read; choose another --output")
            }
            let head = (try? file.read(upToCount: 1024)) ?? Data()
            try? file.close()
            guard String(decoding: head, as: UTF8.self).contains(HTMLPage.mark) else {
                throw OutputError(path, "exists and is no report of murmur; choose another --output, or remove it")
            }
        }
    }

    /// Writes the report of some runs, in whole or not at all. Replaces an earlier report, and nothing else.
    public static func write(_ runs: [RunRecords], to path: String) throws(OutputError) {
        try write(ReportPage(runs: RunRecords.named(runs)).page, to: path)
    }

    /// Writes a page, in whole or not at all. Replaces an earlier page of ours, and nothing else.
    public static func write(_ page: HTMLPage, to path: String) throws(OutputError) {
        try check(path)
        try DurableFiles.writeAtomically(page.html, to: path)
    }
}
