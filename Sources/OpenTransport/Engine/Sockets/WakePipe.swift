import CSockets
import Glibc

/// Ends the wait of a thread that waits for sockets.
final class WakePipe: Sendable {
    /// Can be read when the thread is to wake.
    let descriptor: Int32
    private let writingEnd: Int32

    /// Throws where the system gives no pipe.
    init() throws(Socket.Failure) {
        var ends: [Int32] = [0, 0]
        let code = csockets_pipe(&ends)
        guard code == 0 else { throw Socket.Failure(code: -code) }
        (descriptor, writingEnd) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(writingEnd)
    }

    /// From any thread. A full pipe wakes as well.
    func wake() {
        var byte: UInt8 = 1
        _ = write(writingEnd, &byte, 1)
    }

    /// Forgets by how many it was woken.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }
}
