public import Foundation

extension Process {
    /// A process in a folder, not begun yet, which reads nothing and writes to the files `stdout` and `stderr` there:
    /// files, not pipes, for a child that outlives it must not keep a test waiting.
    public static func prepared(_ executable: String, _ arguments: [String], in folder: String) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        for (name, keyPath) in [("stdout", \Process.standardOutput), ("stderr", \Process.standardError)] {
            _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil)
            process[keyPath: keyPath] = FileHandle(forWritingAtPath: "\(folder)/\(name)")
        }
        return process
    }
}
