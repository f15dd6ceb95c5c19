import Experiments
import Foundation

/// A format of one file, and how the command reads such files.
protocol FileFormat: Sendable {
    static var name: String { get }
    /// Longer files than this have nothing that shorter ones have not; trying them would take time.
    static var mostBytes: Int { get }
    static var kind: Mutator.Kind { get }
    /// What a file may say; none where the corpus says it all.
    static var words: Set<String> { get }

    /// Puts into an empty folder whatever is read besides the file.
    init(in folder: String) throws

    /// Reads a file of these bytes as the command does. Throws what the reader throws.
    func read(_ bytes: [UInt8]) throws
}

extension FileFormat {
    static var words: Set<String> { [] }
}

/// What `--override`s on the command line come to.
func loaded(_ overrides: [String]) throws -> LoadedExperiment {
    try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
}

/// Writes a file, and the folders that it lies in.
func write(_ bytes: [UInt8], to path: String) throws {
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
}
