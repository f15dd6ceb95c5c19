import Foundation
import Records
import Reports
import Runs
import Training
import Workloads

/// The folder of a run, as `report` reads it.
struct RunFiles {
    private var files: FileSet
    private let folder: String

    /// - Parameter names: The files that are changed.
    init(in folder: String, changing names: [String]) throws {
        self.folder = folder
        let loaded = try loaded(SmallRun.settings)
        let plan = try TrainingPlan(loaded, places: SmallRun.places)
        let run = try RunFolder.create(output: "\(folder)/run", name: "a", timestamp: "20260101-000000", force: false)
        let environment = Environment.current(oneDNNVersion: nil, commandLine: ["murmur"], started: "20260101-000000")
        try run.writeDescription(loaded, environment: environment)
        let metrics = try MetricsWriter(in: run)
        let outcome = try TrainingRun(plan, metrics: metrics).run()
        try run.writeGraph(plan.graphRecord)
        try PredictionsFile.write(outcome.answers, of: plan, in: run)
        try run.writeSummary(outcome.summary)
        // As of a divided network, which the small run's is not.
        try metrics.write(
            .stage(StageRecord(stage: 0, layers: 0...1, peers: [0, 1], parameters: 7, split: "rows")),
            .span(step: 0, peer: 0, begin: 0.25, end: 0.5, pass: .forward, microbatch: 3, slot: 0),
            .span(step: 0, peer: 1, begin: 0.5, end: 0.75, pass: .both, microbatch: 3, slot: 1))
        try metrics.close()
        files = FileSet(in: run.path)
        for name in names {
            try files.add(
                name, [UInt8](Data(contentsOf: URL(filePath: "\(run.path)/\(name)"))),
                name.contains(".json") ? .json : .text)
        }
        try report()
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        try report()
    }

    private func report() throws {
        let records = try RunRecords(folder: "\(folder)/run")
        try ReportFile.write([records], to: "\(folder)/report.html")
        _ = try FigureFiles.write(Figure.figures(of: [records]), to: "\(folder)/figures")
        for form in ExportForm.allCases {
            let target = "\(folder)/\(form.rawValue)"
            // Of other records other files are written.
            try? FileManager.default.removeItem(atPath: target)
            try form.write(records, to: target)
        }
    }
}
