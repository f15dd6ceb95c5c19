import ArgumentParser
import Configuration
import Datasets
import Foundation
import Records
import Training

/// `murmur data`: what there is to learn from, and whether it is whole.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Find, verify and describe data sets.",
        subcommands: [DataPrepare.self, DataInfo.self])
}

/// Which data set, and where.
struct DataArguments: ParsableArguments {
    @Argument(help: "Name of the data set, as `murmur datasets` lists it.") var name: String
    @ArgumentParser.Option(help: "Folder of its files, instead of the usual places.") var path: String?
    @Flag(help: "Print one JSON object.") var json = false

    /// Hands over the data set, every file read, checked and decoded. What cannot be read ends the command with one
    /// sentence.
    func withDataset(_ body: (Dataset) throws -> Void) throws {
        try reportingFailure {
            do {
                let places = DataPlaces(environment: ProcessInfo.processInfo.environment)
                let unread = try DataSources.open(DataRequest(name: name, path: path), places: places)
                try unread.verify()
                try body(try unread.read())
            } catch let error as ConfigurationError {
                // Its key is an argument of the command here, and needs no name.
                throw ConfigurationError(key: nil, error.message)
            }
        }
    }
}

/// `murmur data prepare NAME`: find and verify, or say what is missing and how to get it.
struct DataPrepare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Find a data set and verify its files, or make them from pictures; say how to get what is missing.")

    @OptionGroup var arguments: DataArguments
    @ArgumentParser.Option(
        help: "A folder or tar archive of train/CLASS/*.jpg and test/CLASS/*.jpg to make the files of cifar10 from.")
    var from: String?

    func run() throws {
        if let from { try reportingFailure { try make(from: from) } }
        try arguments.withDataset { try put(arguments.json ? Self.object($0).sorted.text : Self.sentence($0)) }
    }

    /// Writes the files into `--path`, or where the data set is looked for in the user's home.
    private func make(from source: String) throws {
        guard let folder = arguments.path ?? DataPlaces(environment: environment).homeFolder(for: arguments.name) else {
            throw DataError(.missing, arguments.name, "has no place: HOME is not set", remedy: "name one by --path")
        }
        do {
            try DataSources.convert(arguments.name, from: source) { name, bytes in
                do {
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                } catch {
                    throw OutputError(folder, "cannot be made; name another folder by --path")
                }
                try DurableFiles.writeAtomically(bytes, to: "\(folder)/\(name)")
            }
        } catch let error as ConfigurationError {
            throw ConfigurationError(key: nil, error.message)
        }
    }

    private var environment: [String: String] { ProcessInfo.processInfo.environment }

    private static func object(_ dataset: Dataset) -> JSON {
        .object([
            ("folder", dataset.folder.map(JSON.string) ?? .null), ("name", .string(dataset.name)),
            ("test_samples", .integer(dataset.test.count)), ("train_samples", .integer(dataset.train.count)),
        ])
    }

    private static func sentence(_ dataset: Dataset) -> String {
        let place = dataset.folder.map { "ready in \($0)" } ?? "made when it is needed"
        return "\(dataset.name) is \(place): \(dataset.train.count) training and \(dataset.test.count) test images "
            + "of \(dataset.shape), \(dataset.classes.count) classes, all verified"
    }
}

/// `murmur data info NAME`: counts, shape, classes, folder.
struct DataInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Describe a data set: where it lies, its shape, its classes.")

    @OptionGroup var arguments: DataArguments

    func run() throws {
        try arguments.withDataset { try put(arguments.json ? Self.object($0).sorted.text : Self.description($0)) }
    }

    private static func object(_ dataset: Dataset) -> JSON {
        func integers(_ numbers: [Int]) -> JSON { .array(numbers.map(JSON.integer)) }
        // The shortest digits that tell the number, not those of its nearest double.
        func numbers(_ numbers: [Float]) -> JSON { .array(numbers.map { .number(Double("\($0)") ?? .nan) }) }
        let classes = dataset.classes.count
        return .object([
            ("name", .string(dataset.name)),
            ("folder", dataset.folder.map(JSON.string) ?? .null),
            ("shape", integers([dataset.shape.channels, dataset.shape.height, dataset.shape.width])),
            ("train_samples", .integer(dataset.train.count)),
            ("test_samples", .integer(dataset.test.count)),
            ("mean", numbers(dataset.normalization.mean)),
            ("deviation", numbers(dataset.normalization.deviation)),
            ("classes", .array(dataset.classes.map(JSON.string))),
            (
                "samples_per_class",
                .object([
                    ("train", integers(dataset.train.histogram(classes: classes))),
                    ("test", integers(dataset.test.histogram(classes: classes))),
                ])
            ),
        ])
    }

    private static func description(_ dataset: Dataset) -> String {
        func list(_ numbers: [Float]) -> String { numbers.map { "\($0)" }.joined(separator: ", ") }
        let summary = DataSources.all.first { $0.name == dataset.name }?.summary ?? dataset.name
        let classes = dataset.classes.count
        let train = dataset.train.histogram(classes: classes)
        let test = dataset.test.histogram(classes: classes)
        var samples = Table(columns: [.left, .right, .right], rows: [["class", "training", "test"]])
        samples.rows += dataset.classes.indices.map { [dataset.classes[$0], "\(train[$0])", "\(test[$0])"] }
        samples.rows.append(["all", "\(dataset.train.count)", "\(dataset.test.count)"])
        return """
            \(summary)
            folder     \(dataset.folder ?? "none: made from the seed")
            shape      \(dataset.shape) (channels, height, width)
            mean       \(list(dataset.normalization.mean)) of pixels from 0 to 1
            deviation  \(list(dataset.normalization.deviation))

            \(samples.text)
            """.trimmingCharacters(in: .newlines)
    }
}
