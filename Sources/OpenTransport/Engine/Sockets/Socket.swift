import CSockets
import Glibc

/// A socket that never blocks, closed with its last reference.
final class Socket: Sendable {
    let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Why the system gave none.
    struct Failure: Error {
        let code: Int32

        /// Whether another moment may do.
        var isShortage: Bool { [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) }

        /// What the system says.
        var reason: String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
    }

    /// Listens there; at a free port where that is 0. Gives the port, too.
    static func listening(at host: String, port: UInt16) throws(Failure) -> (socket: Socket, port: UInt16) {
        var port = port
        let descriptor = csockets_listen(host, &port)
        guard descriptor >= 0 else { throw Failure(code: -descriptor) }
        return (Socket(descriptor: descriptor), port)
    }

    /// The next connection that has come, and where from; nil where there is none.
    func accept() throws(Failure) -> (socket: Socket, from: SocketAddress)? {
        var address = csockets_address()
        let descriptor = csockets_accept(self.descriptor, &address)
        if descriptor >= 0 { return (Socket(descriptor: descriptor), SocketAddress(raw: address)) }
        let failure = Failure(code: -descriptor)
        if failure.isShortage { throw failure }
        // Whatever else is wrong is wrong with that connection alone.
        return nil
    }

    /// Begins to connect; once it can be written, `outcome` tells.
    static func dialing(_ address: SocketAddress) throws(Failure) -> Socket {
        var raw = address.raw
        let descriptor = csockets_dial(&raw)
        guard descriptor >= 0 else { throw Failure(code: -descriptor) }
        return Socket(descriptor: descriptor)
    }

    /// Why a connection that was begun is not there; nil where it is.
    var failure: Failure? {
        let code = csockets_outcome(descriptor)
        return code == 0 ? nil : Failure(code: code)
    }

    /// Says that nothing more comes from this end.
    func shutDownWriting() { shutdown(descriptor, Int32(SHUT_WR)) }
}
