import Foundation
public import Records

/// The forms in which other tools read the records of a run.
public enum ExportForm: String, Sendable, CaseIterable {
    /// Tables for spreadsheets and data frames.
    case csv
    /// Event files, which TensorBoard shows as curves.
    case tensorboard

    /// Writes the records into a folder, which is made where there is none. Replaces what an earlier export of the same
    /// kind wrote; throws, and writes nothing, where the folder holds anything else.
    public func write(_ run: RunRecords, to folder: String) throws(OutputError) {
        let files: [(path: String, bytes: [UInt8])] =
            switch self {
            case .csv: CSVExport(run: run).tables.map { ($0.name, Array($0.table.text.utf8)) }
            case .tensorboard:
                {
                    let export = TensorBoardExport(run: run)
                    return export.files.map { ("\($0.folder)/\(export.fileName)", $0.file.bytes) }
                }()
            }
        try Self.check(folder, against: Set(files.map(\.path)))
        for (path, bytes) in files {
            let path = "\(folder)/\(path)"
            do {
                try FileManager.default.createDirectory(
                    atPath: DurableFiles.parent(of: path), withIntermediateDirectories: true)
            } catch {
                throw OutputError(DurableFiles.parent(of: path), "cannot be made; choose another --output")
            }
            try DurableFiles.writeAtomically(bytes, to: path)
        }
    }

    /// Throws where a folder holds what the export does not write: somebody's own, or of another run.
    private static func check(_ folder: String, against paths: Set<String>) throws(OutputError) {
        switch DurableFiles.kind(of: folder) {
        case .nothing: return
        case .other: throw OutputError(folder, "is no folder; choose another --output")
        case .folder: break
        }
        let parents = Set(paths.filter { $0.contains("/") }.map(DurableFiles.parent))
        for name in DurableFiles.names(in: folder) where !paths.contains(name) {
            guard parents.contains(name) else { throw stray(name, in: folder) }
            for file in DurableFiles.names(in: "\(folder)/\(name)") where !paths.contains("\(name)/\(file)") {
                throw stray("\(name)/\(file)", in: folder)
            }
        }
    }

    private static func stray(_ name: String, in folder: String) -> OutputError {
        OutputError(folder, "holds '\(name)', which this export does not write; choose another --output")
    }
}
