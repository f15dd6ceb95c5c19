import ArgumentParser
import Comparisons
import Experiments
import Foundation
import Records
import Reports

import struct Configuration.ConfigurationError
import func Configuration.unknown

struct Reproduce: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a published table again, ours beside theirs.",
        discussion: """
            The experiments are files, which --print shows: change a copy and give its path in the place of the name. \
            A run whose records are there is not made again, so the same command goes on where it was stopped.
            """)

    @Argument(help: "What is reproduced, by its name or by the path of its file.") var name: String?
    @Flag(help: "List what there is.") var list = false
    @Flag(help: "Print the file of the experiments and stop.") var print = false
    @Option(help: "smoke (seconds), small (minutes on two cores) or paper (its own setting).")
    var scale = "small"
    @Option(help: "How many runs are made at a time.") var jobs = 1
    @Option(help: "The folder for the records; reproductions/NAME-SCALE by default.", completion: .directory)
    var output: String?
    @Option(help: "A folder for the page and its pictures; that of the records by default.", completion: .directory)
    var page: String?
    @Flag(help: "No progress and no remarks on stderr.") var quiet = false

    func validate() throws {
        if jobs < 1 { throw ValidationError("--jobs: a number from 1 upward is expected.") }
        guard name == nil, !list else { return }
        throw ValidationError("What is to be reproduced? 'murmur reproduce --list' shows what there is.")
    }

    func run() throws {
        let console = Console(isQuiet: quiet)
        try reportingFailure(on: console) {
            if list { return try putList() }
            let (text, name, file) = try source
            if print { return try put(text, terminator: "") }
            let reproduction = try Reproduction(yaml: text, name: name, file: file)
            let plan = try ReproductionPlan(reproduction, scale: scale, registries: .all)
            let folder = output ?? "reproductions/\(name)-\(scale)"
            let outcomes = try carryOut(plan.runs, in: folder, jobs: jobs, console: console)
            let results = ReproductionResults(plan, outcomes)
            try write(results, to: page ?? folder, console: console)
            try finish(outcomes, console: console)
        }
    }

    private func putList() throws {
        var table = Table(columns: [.left, .left])
        for name in BuiltInReproductions.names {
            let text = BuiltInReproductions.text(name) ?? ""
            table.rows.append([name, try Reproduction(yaml: text, name: name, file: "Experiments/\(name).yaml").title])
        }
        try put(table.text, terminator: "")
    }

    /// The text of the experiments, their name, and where they stand.
    private var source: (text: String, name: String, file: String) {
        get throws {
            let name = name ?? ""
            if let text = BuiltInReproductions.text(name) { return (text, name, "Experiments/\(name).yaml") }
            guard name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
                throw ConfigurationError(
                    key: nil, unknown("reproduction", name, known: BuiltInReproductions.names))
            }
            let file = URL(filePath: name)
            return (try ExperimentFile.text(name), file.deletingPathExtension().lastPathComponent, name)
        }
    }

    /// The page in Markdown and as one file to send on, with its pictures.
    private func write(_ results: ReproductionResults, to folder: String, console: Console) throws {
        let name = results.plan.reproduction.name
        let command = "murmur reproduce \(self.name ?? name) --scale \(scale)"
        try drawFigures(results.figures, in: folder, console: console)
        let pictures = results.pictures.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0.file)") }
        let page = ReproductionPage(results, command: command, pictures: pictures)
        try DurableFiles.writeAtomically(page.markdown, to: "\(folder)/\(name).md")
        try ReportFile.write(page.html, to: "\(folder)/\(name).html")
        try put("\(folder)/\(name).md\n\(folder)/\(name).html")
    }
}
