import Foundation

/// The programs of this package, which lie beside its tests.
public enum BuiltProgram {
    /// Where a program lies. Throws where it was not built.
    public static func path(_ name: String) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(filePath: tests).deletingLastPathComponent().appending(path: name).path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing(path: path) }
        return path
    }

    /// A program that was not built.
    struct Missing: Error, CustomStringConvertible {
        let path: String
        var description: String { "there is no program at \(path); build it before the tests" }
    }
}
