import ArgumentParser
import Comparisons
import Experiments
import Foundation
import Records
import Reports

import struct Configuration.ConfigurationError
import func Configuration.unknown

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make several runs and lay them beside each other.",
        discussion: """
            Runs are made for each experiment file with every combination of the values of -m; those that differ in \
            seed alone are one row, with mean and standard deviation. A run whose records are there is not made again, \
            so the same command goes on where it was stopped.
            """)

    @Argument(help: "Experiment files, and settings for all runs: key.path=value.") var arguments: [String] = []
    @Option(
        name: [.customShort("m"), .customLong("matrix")], parsing: .singleValue,
        help: "A setting in which runs differ: key.path=value,value.")
    var axes: [String] = []
    @Flag(help: "In virtual time, as 'murmur simulate' does.") var simulate = false
    @Option(help: "Over MPI, on so many ranks.") var ranks: Int?
    @Option(help: "How many runs are made at a time.") var jobs = 1
    @Option(help: "The folder for the records; comparisons/NAME by default.", completion: .directory)
    var output: String?
    @Option(help: "What the table shows, parted by commas: \(Measure.all.map(\.name).joined(separator: ", ")).")
    var show: String?
    @Option(help: "The form of the table on stdout: \(TableFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: TableFormat = .text
    @Flag(help: "No progress and no remarks on stderr.") var quiet = false

    func validate() throws {
        if jobs < 1 { throw ValidationError("--jobs: a number from 1 upward is expected.") }
        if let ranks, ranks < 1 { throw ValidationError("--ranks: a number from 1 upward is expected.") }
        if simulate, ranks != nil { throw ValidationError("--simulate and --ranks exclude each other.") }
    }

    func run() throws {
        let console = Console(isQuiet: quiet)
        try reportingFailure(on: console) {
            let measures = try measures
            let files = arguments.filter { !$0.contains("=") }
            let settings = arguments.filter { $0.contains("=") }
            let host: RunHost = simulate ? .simulator : ranks.map(RunHost.ranks) ?? .threads
            let axes = try axes.map { text throws(ExperimentError) in try SettingAxis(text) }
            let sweep = try Sweep(files: files, settings: settings, axes: axes, host: host, registries: .all)
            let folder = output ?? "comparisons/\(sweep.name)"
            let outcomes = try carryOut(sweep.runs, in: folder, jobs: jobs, console: console)
            let comparison = Comparison(sweep, outcomes, measures: measures)
            try write(comparison, to: folder, console: console)
            try put(format.text(of: comparison.table), terminator: "")
            try finish(outcomes, console: console)
        }
    }

    /// The table in every form, the figure and the page.
    private func write(_ comparison: Comparison, to folder: String, console: Console) throws {
        for format in TableFormat.allCases where format != .text {
            let path = "\(folder)/table.\(format.fileExtension)"
            try DurableFiles.writeAtomically(format.text(of: comparison.table), to: path)
        }
        try ReportFile.write(comparison.page, to: "\(folder)/\(ReportFile.name)")
        try drawFigures(comparison.figures, in: folder, console: console)
        console.say("murmur: table, figure and \(ReportFile.name) are in \(folder)")
    }

    private var measures: [Measure] {
        get throws {
            guard let show else { return Measure.usual }
            return try show.split(separator: ",").map { name in
                guard let measure = Measure.all.first(where: { $0.name == name }) else {
                    throw ConfigurationError(
                        key: "--show", unknown("measure", String(name), known: Measure.all.map(\.name)))
                }
                return measure
            }
        }
    }
}
