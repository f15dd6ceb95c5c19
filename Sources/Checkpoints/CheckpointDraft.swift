import Foundation
package import Records

/// A checkpoint that is being written, under a name that nobody takes for one.
package struct CheckpointDraft: ~Copyable {
    private let path: String
    private let faults: CrashPoints
    private var files: [CheckpointManifest.File] = []

    package init(_ path: String, _ faults: CrashPoints) throws(OutputError) {
        self.path = path
        self.faults = faults
        faults.pass()
        guard mkdir(path, 0o755) == 0 else { throw OutputError(path, errno: errno) }
    }

    /// Writes a file and brings it to the disk.
    package mutating func write(_ bytes: [UInt8], to name: String) throws(OutputError) {
        try writeFile(bytes, to: name)
        files.append(
            CheckpointManifest.File(name: name, bytes: bytes.count, crc32: CheckpointManifest.checksum(of: bytes)))
    }

    /// Writes the manifest, and gives the folder its name.
    package func finish(_ manifest: CheckpointManifest, as name: String) throws {
        var manifest = manifest
        manifest.files = files
        try writeFile(try manifest.text(), to: Checkpoint.manifestName)
        faults.pass()
        try DurableFiles.synchronize(folder: path)
        faults.pass()
        guard rename(path, name) == 0 else { throw OutputError(name, errno: errno) }
        faults.pass()
        try DurableFiles.synchronize(folder: DurableFiles.parent(of: name))
    }

    /// Removes what was written.
    package func abandon() { try? FileManager.default.removeItem(atPath: path) }

    private func writeFile(_ bytes: [UInt8], to name: String) throws(OutputError) {
        let file = "\(path)/\(name)"
        faults.pass()
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputError(file, errno: errno) }
        // In two parts, so that a process can be made to die with half a file written.
        let half = bytes.count / 2
        var code: Int32 = 0
        for part in [bytes[..<half], bytes[half...]] where code == 0 {
            faults.pass()
            code = DurableFiles.writeAll(Array(part), to: descriptor)
        }
        faults.pass()
        if code == 0, fsync(descriptor) != 0 { code = errno }
        if close(descriptor) != 0, code == 0 { code = errno }
        guard code == 0 else { throw OutputError(file, errno: code) }
    }
}
