import CMurmur

/// The thread on which a peer's node lives: one of the operating system, with a name, that hears no signals.
enum NodeThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Begins a thread. Throws where the system gives none.
    static func start(_ body: @escaping @Sendable () -> Void) throws(BridgeError) {
        // The thread takes over the one reference; a pointer is all that may be handed to it.
        let handed = Unmanaged.passRetained(Work(body))
        let code = cmurmur_start_thread(
            "murmur-peer",
            { pointer in
                guard let pointer else { return }
                Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
            }, handed.toOpaque())
        guard code == 0 else {
            handed.release()
            throw BridgeError(
                .system, "the system gives this process no thread (error \(code)); allow it more (ulimit -u)")
        }
    }
}
