import Foundation
import Training

/// Files in a folder, one of which is changed at a time.
struct FileSet {
    let folder: String
    private var files: [(name: String, bytes: [UInt8], kind: Mutator.Kind)] = []
    private var changed: Int?

    init(in folder: String) { self.folder = folder }

    mutating func add(_ name: String, _ bytes: [UInt8], _ kind: Mutator.Kind) throws {
        let inner = URL(filePath: "\(folder)/\(name)").deletingLastPathComponent()
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        files.append((name, bytes, kind))
        try write(bytes, name)
    }

    mutating func add(_ name: String, _ text: String) throws { try add(name, Array(text.utf8), .text) }

    /// Restores the file that was changed last, and changes another one.
    mutating func change(_ mutator: inout Mutator) throws {
        if let changed { try write(files[changed].bytes, files[changed].name) }
        let index = mutator.below(files.count)
        changed = index
        try write(mutator.changed(files[index].bytes, files[index].kind), files[index].name)
    }

    private func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
    }
}
