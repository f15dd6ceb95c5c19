import Configuration
import Foundation
import Synchronization

/// The text of an experiment file: a regular file, a pipe, or standard input by the name of `-`.
package enum ExperimentFile {
    /// No experiment is larger: 512 peers with a mixing matrix of their own take 5 MB.
    package static let byteLimit = 16 << 20

    /// What came out of pipes, which give it once: a run over ranks reads its experiment again when it knows how many
    /// there are.
    private static let pipes = Mutex<[String: String]>([:])

    /// Throws `MissingExperiment` where nothing can be read, and `ExperimentError` where it is no text or too large a
    /// one.
    package static func text(_ path: String) throws -> String {
        if let known = pipes.withLock({ $0[path] }) { return known }
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw MissingExperiment(file: path, errno) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw MissingExperiment(file: path, EISDIR)
        }
        guard let bytes = try? FileHandle(fileDescriptor: descriptor).read(upToCount: byteLimit + 1) ?? Data() else {
            throw MissingExperiment(file: path, EIO)
        }
        let start = ExperimentError.Place.file(path, line: 1, column: 1)
        guard bytes.count <= byteLimit else {
            throw ExperimentError(start, key: nil, "more than \(byteLimit >> 20) MB, and so no experiment file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ExperimentError(start, key: nil, "not a text file in UTF-8; save it as one")
        }
        // Some editors put a mark of the byte order in front, of which UTF-8 has but one.
        let unmarked = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        if status.st_mode & S_IFMT != S_IFREG { pipes.withLock { $0[path] = unmarked } }
        return unmarked
    }
}
