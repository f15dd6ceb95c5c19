import Foundation

/// The right to write into the folder of a run, which one process has at a time. It ends with the process, however that
/// ends.
package final class RunLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock. Throws while somebody else has it.
    package init(_ folder: String) throws(OutputError) {
        descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OutputError(folder, errno: errno) }
        // A file system without locks keeps nobody out; a run that could not begin there would be worse.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(descriptor)
            throw OutputError(
                folder, "another process writes its run there; wait for its end, or choose another --output")
        }
    }

    deinit { close(descriptor) }
}
