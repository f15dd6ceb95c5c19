import CSockets

/// The process at the other end of a connection, however long that is gone.
final class OtherProcess: Sendable {
    private let descriptor: Int32

    /// Nil where it is this process, or cannot be seen.
    init?(behind socket: LocalSocket) {
        descriptor = csockets_process(socket.descriptor)
        guard descriptor >= 0 else { return nil }
        csockets_close_in_children(descriptor)
    }

    deinit { csockets_close(descriptor) }

    /// Ends it, if it lives, without a word.
    func kill() { csockets_kill(descriptor) }
}
