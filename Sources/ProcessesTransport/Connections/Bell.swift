import CSockets
import Glibc
import Synchronization

/// Ends the wait of the thread that waits for sockets. Rung once for all that happens until that thread has looked.
final class Bell: Sendable {
    /// Can be read when the thread is to look.
    let descriptor: Int32
    private let writingEnd: Int32
    private let isRung = Atomic(false)

    /// Throws where the system gives no pipe.
    init() throws(LocalSocket.Failure) {
        var ends: [Int32] = [0, 0]
        let code = csockets_pipe(&ends)
        guard code == 0 else { throw LocalSocket.Failure(code: -code) }
        (descriptor, writingEnd) = (ends[0], ends[1])
        for end in ends { csockets_close_in_children(end) }
    }

    deinit {
        csockets_close(descriptor)
        csockets_close(writingEnd)
    }

    /// From any thread.
    func ring() {
        guard !isRung.exchange(true, ordering: .sequentiallyConsistent) else { return }
        var byte: UInt8 = 1
        _ = write(writingEnd, &byte, 1)
    }

    /// To be called before looking: what happens afterwards rings again.
    func silence() {
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) > 0 {}
        isRung.store(false, ordering: .sequentiallyConsistent)
    }
}
