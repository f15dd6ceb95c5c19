import Configuration
import Foundation
import Records

/// What a run left in its folder, read for a report.
///
/// A run that is under way, or that was killed, has no summary yet and may end in half a line; both are no errors.
public struct RunRecords: Sendable {
    /// What the run is called beside others, by what tells it from them: set by `named`.
    public internal(set) var label: String
    /// The end of its path, as much as no other has: set by `named`.
    var name: String
    /// Where the records lie.
    public let path: String
    /// The folder by whose name the run goes.
    let home: String
    /// What a reader should know of the records: lines left out, files that are not there.
    public private(set) var remarks: [String] = []

    let metrics: Metrics
    let tests: [Round]
    let training: [Round]
    /// The resolved experiment as its file has it; nil where that is not there.
    let configuration: String?
    /// Its settings as paths and values, in the order of the file.
    private(set) var settings: [(key: String, value: String)] = []
    private(set) var overrides: [String] = []
    private(set) var environment: Environment?
    private(set) var summary: Summary?
    private(set) var graph: GraphRecord?
    private(set) var predictions: PredictionsRecord?

    /// Reads the folder of a run.
    ///
    /// - Parameters:
    ///   - folder: where the records lie now.
    ///   - name: the folder's name if it is to have another; nil for its own.
    public init(folder: String, named name: String? = nil) throws(RecordError) {
        path = folder
        home = name ?? folder
        self.name = Self.components(home).last ?? folder
        label = self.name
        guard DurableFiles.kind(of: folder) == .folder else {
            let isThere = DurableFiles.kind(of: folder) == .other
            throw RecordError(
                kind: .missing, place: folder,
                message: (isThere ? "is no folder" : "is not there")
                    + "; name the folder of a run, such as those that `murmur train` makes in runs/")
        }
        guard let lines = try Self.content("metrics.jsonl", in: folder, atMost: 1 << 32) else {
            throw RecordError(
                kind: .missing, place: "\(folder)/metrics.jsonl",
                message: "is not there; name the folder of a run, in which `murmur train` writes that file")
        }
        let version = try Self.content(Environment.fileName, in: folder).flatMap(Self.version)
        metrics = try Metrics(
            lines, path: "\(folder)/metrics.jsonl", isForeign: version != nil && version != murmurVersion)
        tests = metrics.tests()
        training = metrics.training()
        configuration = try Self.content("config.yaml", in: folder).map { String(decoding: $0, as: UTF8.self) }
        if let configuration {
            settings = try Self.settings(configuration, path: "\(folder)/config.yaml")
        }
        overrides =
            try Self.content("overrides.txt", in: folder).map { data in
                String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
            } ?? []
        environment = try decoded("environment.json")
        summary = try decoded("summary.json")
        try checkPairs()
        graph = try record(GraphRecord.fileName, GraphRecord.init)
        predictions = try record(PredictionsRecord.fileName, PredictionsRecord.init)
        remark()
    }

    private mutating func remark() {
        if let line = metrics.tornLine {
            remarks.append(
                "line \(line) of metrics.jsonl breaks off and is left out: the run was ended while writing it")
        }
        if metrics.foreignLines > 0 {
            remarks.append(
                "\(Quantity.count(metrics.foreignLines, "line")) of metrics.jsonl are in no form that this version "
                    + "reads, and are left out")
        }
        if summary == nil, !isOtherVersion("summary.json") {
            remarks.append("there is no summary.json: the run is not over, or it was ended early")
        }
        for (file, isThere) in [("config.yaml", configuration != nil), ("environment.json", environment != nil)]
        where !isThere && !isOtherVersion(file) {
            remarks.append("there is no \(file)")
        }
    }

    /// The tables of who sent to whom must be square and as large as each other, or nothing can be drawn from them.
    private func checkPairs() throws(RecordError) {
        let tables = [summary?.messagesByPair, summary?.bytesByPair].compactMap(\.self)
        let size = tables.first?.count
        for table in tables where table.count != size || table.contains(where: { $0.count != size }) {
            throw RecordError(
                kind: .malformed, place: "\(path)/summary.json",
                message: "messages_by_pair and bytes_by_pair need a row and a column for each peer; restore the file")
        }
        for table in tables where table.contains(where: { $0.contains { $0 < 0 } }) {
            throw RecordError(
                kind: .malformed, place: "\(path)/summary.json",
                message: "messages_by_pair and bytes_by_pair hold counts, and a negative number is none; restore the "
                    + "file")
        }
    }

    // MARK: Files

    /// The content of a file of the folder, whose length is looked at first; nil where there is none.
    private static func content(
        _ name: String, in folder: String, atMost limit: Int = 64 << 20
    ) throws(RecordError) -> Data? {
        let path = "\(folder)/\(name)"
        do {
            return try DurableFiles.content(of: path, atMost: limit)
        } catch .missing {
            return nil
        } catch .unreadable(let reason) {
            throw RecordError(
                kind: .missing, place: path, message: "cannot be read (\(reason)); check that it is a file of yours")
        } catch {
            throw RecordError(
                kind: .malformed, place: path, message: "\(error), and no record of a run; restore the file")
        }
    }

    /// A record that reports can do without: what another version writes is left out, and said.
    private mutating func record<Value>(_ name: String, _ read: (Data) -> Value?) throws(RecordError) -> Value? {
        guard let data = try Self.content(name, in: path) else { return nil }
        if let value = read(data) { return value }
        remarks.append("\(name) is not in the form that this version writes, and is left out")
        return nil
    }

    /// Whether a file was left out because another version wrote it.
    private func isOtherVersion(_ name: String) -> Bool { remarks.contains { $0.hasPrefix("\(name) ") } }

    /// The content of a file that says which version wrote it; nil where there is none, or where another version wrote
    /// something else, which is said.
    private mutating func decoded<Value: Decodable>(_ name: String) throws(RecordError) -> Value? {
        guard let data = try Self.content(name, in: path) else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: data)
        } catch {
            var reason = "is not what this version writes"
            switch error {
            case DecodingError.keyNotFound(let key, _): reason += ": '\(key.stringValue)' is not in it"
            case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
                let key = context.codingPath.map(\.stringValue).joined(separator: ".")
                reason += ": '\(key)' has a value of another type"
            default: reason += ": it is not JSON"
            }
            if let version = Self.version(data), version != murmurVersion {
                remarks.append("\(name) of version \(version) \(reason), and is left out")
                return nil
            }
            throw RecordError(kind: .malformed, place: "\(path)/\(name)", message: reason + "; restore the file")
        }
    }

    /// Which version wrote a file; nil where it does not say.
    private static func version(_ data: Data) -> String? {
        struct Written: Decodable { let version: String }
        return (try? JSONDecoder().decode(Written.self, from: data))?.version
    }

    private static func settings(_ yaml: String, path: String) throws(RecordError) -> [(key: String, value: String)] {
        do {
            return try RunSettings.read(yaml)
        } catch {
            throw RecordError(
                kind: .malformed, place: error.line.map { "\(path):\($0)" } ?? path,
                message: "\(error.message); restore the file")
        }
    }

    // MARK: Names

    /// The runs, each with a label that no other of them has.
    public static func named(_ runs: [RunRecords]) -> [RunRecords] {
        zip(zip(runs, RunLabels.labels(of: runs)), RunLabels.names(of: runs)).map { run, name in
            var (run, label) = run
            (run.label, run.name) = (label, name)
            return run
        }
    }

    /// The folders of an absolute path, with `.` and `..` resolved.
    static func components(_ path: String) -> [String] {
        URL(filePath: path).standardizedFileURL.pathComponents.filter { $0 != "/" }
    }
}
