import ArgumentParser
import Foundation
import Reports

struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write figures and tables from the records of runs.",
        discussion: """
            One run gets its report in its own folder; several are drawn on the same charts, in report.html here. \
            A report is one file that needs no network. An earlier report is replaced, any other file is left alone.
            """)

    @Argument(help: "The folders of runs.", completion: .directory) var runs: [String]
    @Option(help: "The file to write.", completion: .file(extensions: ["html"])) var output: String?
    @Option(
        help: "A folder for static figures: data and a gnuplot script each, and svg and png where gnuplot is there.",
        completion: .directory)
    var figures: String?

    func run() throws {
        let console = Console(isQuiet: false)
        try reportingFailure(on: console) {
            var records: [RunRecords] = []
            for folder in runs { records.append(try RunRecords(folder: withoutSlashes(folder))) }
            records = RunRecords.named(records)
            for run in records {
                for remark in run.remarks { console.say("murmur: \(run.path): \(remark)") }
            }
            let path = output ?? (records.count == 1 ? "\(records[0].path)/\(ReportFile.name)" : ReportFile.name)
            try ReportFile.write(records, to: path)
            try put(path)
            if let figures {
                try drawFigures(Figure.figures(of: records), in: figures, console: console)
                try put(figures)
            }
        }
    }
}
