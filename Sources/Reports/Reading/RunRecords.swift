import Foundation
import Records

/// What a run left in its folder, read for a report.
///
/// A run that is under way, or that was killed, has no summary yet and may end in half a line; both are no errors.
public struct RunRecords: Sendable {
    /// What the run is called beside others: set by `named`.
    public internal(set) var label: String
    /// Where the records lie.
    public let path: String
    /// The folder by whose name the run goes.
    private let home: String
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

    /// Reads the folder of a run.
    ///
    /// - Parameters:
    ///   - folder: where the records lie now.
    ///   - name: the folder's name if it is to have another; nil for its own.
    public init(folder: String, named name: String? = nil) throws(RecordError) {
        path = folder
        home = name ?? folder
        label = Self.components(home).last ?? folder
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
        metrics = try Metrics(lines, path: "\(folder)/metrics.jsonl")
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
        environment = try Self.decoded("environment.json", in: folder)
        summary = try Self.decoded("summary.json", in: folder)
        try checkPairs()
        remark()
    }

    private mutating func remark() {
        if let line = metrics.tornLine {
            remarks.append(
                "line \(line) of metrics.jsonl breaks off and is left out: the run was ended while writing it")
        }
        if summary == nil {
            remarks.append("there is no summary.json: the run is not over, or it was ended early")
        }
        for (file, isThere) in [("config.yaml", configuration != nil), ("environment.json", environment != nil)]
        where !isThere {
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

    private static func decoded<Value: Decodable>(_ name: String, in folder: String) throws(RecordError) -> Value? {
        guard let data = try content(name, in: folder) else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: data)
        } catch {
            var reason = "is not what `murmur train` writes"
            switch error {
            case DecodingError.keyNotFound(let key, _): reason += ": '\(key.stringValue)' is not in it"
            case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
                let key = context.codingPath.map(\.stringValue).joined(separator: ".")
                reason += ": '\(key)' has a value of another type"
            default: reason += ": it is not JSON"
            }
            throw RecordError(kind: .malformed, place: "\(folder)/\(name)", message: reason + "; restore the file")
        }
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

    /// The runs, each with a name that no other of them has: as much of the end of its path as that takes, then a
    /// number.
    public static func named(_ runs: [RunRecords]) -> [RunRecords] {
        let paths = runs.map { components($0.home) }
        var taken: Set<String> = []
        return zip(runs, paths).map { run, path in
            var run = run
            let candidates = (1...max(1, path.count)).map { path.suffix($0).joined(separator: "/") }
            let isUnique = { (label: String) in
                paths.count { ("/" + $0.joined(separator: "/")).hasSuffix("/" + label) } <= 1
            }
            let shortest = path.isEmpty ? run.path : candidates[0]
            run.label = path.isEmpty ? shortest : candidates.first(where: isUnique) ?? shortest
            var number = 2
            while !taken.insert(run.label).inserted {
                run.label = "\(shortest) (\(number))"
                number += 1
            }
            return run
        }
    }

    /// The folders of an absolute path, with `.` and `..` resolved.
    private static func components(_ path: String) -> [String] {
        URL(filePath: path).standardizedFileURL.pathComponents.filter { $0 != "/" }
    }
}
