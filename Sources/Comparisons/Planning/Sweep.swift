public import Experiments
import Foundation

/// Runs of several experiment files, with every combination of some settings.
public struct Sweep: Sendable {
    /// Runs that differ in their seeds alone.
    struct Row: Sendable {
        let labels: [String]
        let runs: [PlannedRun]
    }

    /// A word or two on what is compared, for a folder's name.
    public let name: String
    /// What a row says of its runs: the file, and the keys that differ.
    let labels: [String]
    let rows: [Row]

    /// All runs, in the order of the rows.
    public var runs: [PlannedRun] { rows.flatMap(\.runs) }

    /// Plans the runs. Throws what is wrong with the settings of any.
    ///
    /// - Parameters:
    ///   - files: experiment files; none for the defaults.
    ///   - settings: what all runs have, each `key.path=value`.
    ///   - axes: what they differ in; the first changes most slowly.
    public init(
        files: [String], settings: [String], axes: [SettingAxis], host: RunHost, registries: Registries
    ) throws {
        let shown = axes.filter { !$0.isSeed }
        let seeds = Self.combinations(of: axes.filter(\.isSeed))
        let bases = files.map { URL(filePath: $0).deletingPathExtension().lastPathComponent }
        name = RunName.slug(bases + axes.map(\.key))
        labels = (files.count > 1 ? ["experiment"] : []) + shown.map(\.key)
        var rows: [Row] = []
        for file in files.isEmpty ? [nil] : files.map(Optional.some) {
            for values in Self.combinations(of: shown) {
                let labels = (files.count > 1 ? [file ?? ""] : []) + values.map(\.value)
                let runs = try seeds.map { seeds in
                    let all = settings + (values + seeds).map { "\($0.key)=\($0.value)" }
                    let names =
                        (file.map { [URL(filePath: $0).deletingPathExtension().lastPathComponent] } ?? [])
                        + values.map(\.value) + seeds.map { "seed\($0.value)" }
                    return try PlannedRun(
                        name: RunName.folder(names, settings: ["\(host)", file ?? ""] + all), host: host, file: file,
                        settings: all, registries: registries)
                }
                rows.append(Row(labels: labels, runs: runs))
            }
        }
        self.rows = rows
    }

    /// Every choice of one value for each axis.
    static func combinations(of axes: [SettingAxis]) -> [[(key: String, value: String)]] {
        axes.reduce([[]]) { chosen, axis in
            chosen.flatMap { chosen in axis.values.map { chosen + [(axis.key, $0)] } }
        }
    }
}
