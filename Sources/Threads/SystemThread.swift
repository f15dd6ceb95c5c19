import Glibc

/// A thread of the operating system that is made now, or not at all: Foundation's waits forever for one that the
/// system refuses. No signal is handled on it: signals are for the threads that the program itself began with.
package enum SystemThread {
    /// Begins a thread. Throws `ThreadShortage` where the system gives none.
    ///
    /// - Parameters:
    ///   - name: What debuggers and lists of threads show: the first 15 bytes of it.
    ///   - stackBytes: Bytes of its stack; nil for the system's usual number.
    package static func start(
        _ name: String, stackBytes: Int? = nil, _ body: @escaping @Sendable () -> Void
    ) throws(ThreadShortage) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }
        let work = Work(name: name, body: body)
        var thread = pthread_t()
        // The thread takes over the one reference; a pointer is all that may be handed to it.
        let handed = Unmanaged.passRetained(work)
        let mask = SignalMask.blocked()
        let code = pthread_create(
            &thread, &attributes,
            enter, handed.toOpaque())
        mask.restore()
        guard code == 0 else {
            handed.release()
            throw ThreadShortage(code: code)
        }
    }

    /// Where a new thread begins.
    private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { pointer in
        guard let pointer else { return nil }
        // The reference that was handed over.
        let work = Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue()
        takeName(work.name)
        work.body()
        return nil
    }

    /// What the calling thread had blocked.
    private struct SignalMask {
        private var before = sigset_t()

        /// Blocks what a new thread is to have blocked from its first instruction on, which it inherits. What a thread
        /// does wrong itself still ends the program.
        static func blocked() -> SignalMask {
            var (wanted, mask) = (sigset_t(), SignalMask())
            sigfillset(&wanted)
            for own in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT] { sigdelset(&wanted, own) }
            pthread_sigmask(SIG_BLOCK, &wanted, &mask.before)
            return mask
        }

        func restore() {
            var before = before
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
    }

    /// Names the calling thread, as far as the system lets it: Swift's Glibc leaves out the call for it.
    private static func takeName(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        let bytes = Array(name.utf8.prefix(15))
        _ = write(file, bytes, bytes.count)
        close(file)
    }

    private final class Work: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
