import Foundation

/// Lends a new empty folder, and removes it with all that it then holds.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "murmur-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
}

func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
