import Foundation

/// Files of a format, each of which takes its reader somewhere that the others do not; libFuzzer has chosen them.
struct Corpus {
    private let files: [[UInt8]]

    /// The files in a folder, in the order of their names.
    init(in folder: String) throws {
        files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map {
            [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\($0)")))
        }
    }

    /// The first numbers give the files as they are; the others give one of them, changed.
    func file(_ number: Int, _ kind: Mutator.Kind, seed: UInt64) -> [UInt8] {
        if number < files.count { return files[number] }
        var mutator = Mutator(seed: seed, number: number)
        return mutator.changed(files.isEmpty ? [] : files[mutator.below(files.count)], kind)
    }
}
