public import ArgumentParser
import Reports

/// `murmur export csv|tensorboard RUN_DIR`: the records of a run in other tools' forms.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the records of a run as tables or as TensorBoard's events.",
        discussion: """
            csv: a file for each kind of record, such as learning.csv. tensorboard: a folder of scalars for each peer \
            and for the consensus model, which 'tensorboard --logdir FOLDER' shows. They go to the folder csv or \
            tensorboard of the run.
            """)

    @Argument(help: "csv or tensorboard.") var form: ExportForm
    @Argument(help: "The folder of a run.", completion: .directory) var folder: String
    @Option(help: "Another folder for the files.", completion: .directory) var output: String?

    func run() throws {
        let console = Console(isQuiet: false)
        try reportingFailure(on: console) {
            let records = try RunRecords(folder: withoutSlashes(folder))
            for remark in records.remarks { console.say("murmur: \(records.path): \(remark)") }
            let target = output.map(withoutSlashes) ?? "\(records.path)/\(form.rawValue)"
            try form.write(records, to: target)
            try put(target)
        }
    }
}

extension ExportForm: ExpressibleByArgument {}

/// A path without slashes at its end.
func withoutSlashes(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
}
