import Foundation
import Records
import Reports

/// A run that is over, read from its records.
public struct FinishedRun: Sendable {
    /// What it was to be.
    public let planned: PlannedRun
    /// The folder of its records.
    public let folder: String
    /// What it came to.
    let summary: Summary
    /// When its tests found what.
    let course: RunCourse
    /// Where it ran.
    let environment: Environment?

    /// Reads the records of a run, if they are those of this very run and it came to its own end: one that was stopped
    /// is made again.
    ///
    /// Nil where there are none, or others.
    init?(_ planned: PlannedRun, in folder: String) {
        guard let text = try? String(contentsOfFile: "\(folder)/summary.json", encoding: .utf8),
            let summary = try? Summary(text: text),
            let ending = summary.ending, ending != .stopped,
            let configuration = try? String(contentsOfFile: "\(folder)/config.yaml", encoding: .utf8),
            configuration == planned.configuration,
            FileManager.default.fileExists(atPath: "\(folder)/simulation.json") == (planned.host == .simulator),
            let records = try? RunRecords(folder: folder)
        else { return nil }
        self.planned = planned
        self.folder = folder
        self.summary = summary
        course = RunCourse(records)
        environment = Environment(inRun: folder)
    }

    /// Whether its model ended as numbers.
    var isDiverged: Bool { summary.ending == .diverged }
}
