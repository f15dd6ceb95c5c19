import Configuration
public import Experiments
import Foundation

extension Reproduction {
    /// Reads a reproduction from a file. Throws `MissingExperiment` when it cannot be read, and `ExperimentError` when
    /// it is wrong.
    public init(file: String) throws {
        let name = URL(filePath: file).deletingPathExtension().lastPathComponent
        try self.init(yaml: ExperimentFile.text(file), name: name, file: file)
    }

    /// Reads a reproduction from a text; `file` is the file's name in messages.
    public init(yaml: String, name: String, file: String) throws(ExperimentError) {
        let root = try YAMLReader.read(yaml) { .file(file, line: $0, column: $1) }
        let known = ["title", "source", "host", "settings", "scales", "tables", "claims", "reading"]
        let table = try FileTable(root, "", known: known)
        self.name = name
        title = try table.requiredText("title")
        source = try table.requiredText("source")
        host = try Self.host(table)
        reading = try table.text("reading") ?? ""
        let settings = try table.settings("settings")
        scales = try Self.scales(table, settings)
        let scaleNames = scales.map(\.name)
        tables = try table.fields("tables").map { field throws(ExperimentError) in
            try Table(field, scales: scaleNames)
        }
        if tables.isEmpty { throw table.complaint("tables", "a table of tables is expected") }
        let tables = tables
        claims = try table.items("claims").map { node throws(ExperimentError) in try Claim(node, of: tables) }
    }

    private static func host(_ table: FileTable) throws(ExperimentError) -> RunHost {
        switch try table.text("host") ?? "simulator" {
        case "simulator": return .simulator
        case "threads": return .threads
        case let other: throw table.complaint("host", unknown("host", other, known: ["simulator", "threads"]))
        }
    }

    private static func scales(_ table: FileTable, _ settings: [String]) throws(ExperimentError) -> [Scale] {
        try table.fields("scales").map { field throws(ExperimentError) in
            let path = "scales.\(field.key)"
            let inner = try FileTable(field.node, path, known: ["settings", "seeds", "smaller"])
            guard let seeds = Int(try inner.text("seeds") ?? "1"), (1...100).contains(seeds) else {
                throw inner.complaint("seeds", "a number from 1 to 100 is expected")
            }
            return Scale(
                name: field.key, settings: settings + (try inner.settings("settings")), seeds: seeds,
                smaller: try inner.text("smaller") ?? "")
        }
    }
}
