import CSockets
import Glibc

/// A socket between processes of this machine that never blocks, closed with its last reference. Forked children let go
/// of it at once.
final class LocalSocket: Sendable {
    let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
        csockets_close_in_children(descriptor)
    }

    deinit { csockets_close(descriptor) }

    /// Why the system gave none.
    struct Failure: Error {
        let code: Int32

        /// What the system says.
        var reason: String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }

        /// Whether nobody is there yet.
        var isAbsence: Bool { [ENOENT, ECONNREFUSED, EAGAIN].contains(code) }
    }

    /// What came of reading.
    enum Received {
        case bytes(Int)
        case nothingNow
        /// Nothing comes any more.
        case end
    }

    /// Listens in a folder under that name.
    static func listening(in folder: String, name: String) throws(Failure) -> LocalSocket {
        try opened(csockets_listen_in(folder, name))
    }

    /// Connects to who listens there.
    static func dialing(in folder: String, name: String) throws(Failure) -> LocalSocket {
        try opened(csockets_dial_in(folder, name))
    }

    private static func opened(_ descriptor: Int32) throws(Failure) -> LocalSocket {
        guard descriptor >= 0 else { throw Failure(code: -descriptor) }
        return LocalSocket(descriptor: descriptor)
    }

    /// The next connection that has come; nil where there is none, or it has broken already.
    func accept() throws(Failure) -> LocalSocket? {
        var address = csockets_address()
        let descriptor = csockets_accept(self.descriptor, &address)
        if descriptor >= 0 { return LocalSocket(descriptor: descriptor) }
        if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(-descriptor) { throw Failure(code: -descriptor) }
        return nil
    }

    /// Writes these bytes, few enough that there is room for them at the beginning of a connection.
    func say(_ bytes: [UInt8]) { _ = csockets_send(descriptor, bytes, Int64(bytes.count), nil, 0, 0) }

    /// Reads to the front of `bytes`, at most so many.
    func receive(_ bytes: inout [UInt8], atMost count: Int) -> Received {
        received(csockets_receive(descriptor, &bytes, Int64(min(count, bytes.count))))
    }

    /// What the system's answer to reading means. However a connection ends, it has ended.
    func received(_ count: Int64) -> Received {
        if count == Int64(-EAGAIN) { return .nothingNow }
        return count > 0 ? .bytes(Int(count)) : .end
    }

    /// Nothing goes or comes any more, which the other end sees at once.
    func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
