import ArgumentParser
import Foundation
import Records
import Training

/// Writes to stdout: the one way there for results, lists and help, so that none of them is lost without a word.
///
/// Throws an `OutputError` where the text cannot be written, and a quiet exit where nobody reads any longer.
func put(_ text: String, terminator: String = "\n", to descriptor: Int32 = STDOUT_FILENO) throws {
    var rest = ArraySlice((text + terminator).utf8)
    while !rest.isEmpty {
        let count = rest.withContiguousStorageIfAvailable { write(descriptor, $0.baseAddress, $0.count) } ?? 0
        if count >= 0 {
            rest = rest.dropFirst(count)
        } else if errno == EPIPE {
            throw ExitCode.signal(SIGPIPE)
        } else if errno != EINTR {
            throw OutputError(
                "stdout", "cannot be written (\(String(cString: strerror(errno)))); make room, or send it elsewhere")
        }
    }
}
