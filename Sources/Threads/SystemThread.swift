import CDispatch
import Foundation

/// A thread of the operating system that is made now, or not at all: Foundation's waits forever for one that the
/// system refuses.
package enum SystemThread {
    /// Begins a thread. Throws `ThreadShortage` where the system gives none.
    ///
    /// - Parameters:
    ///   - name: What debuggers and lists of threads show.
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
        let code = pthread_create(
            &thread, &attributes,
            { pointer in
                guard let pointer else { return nil }
                // The reference that was handed over.
                let work = Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue()
                Thread.current.name = work.name
                work.body()
                return nil
            }, handed.toOpaque())
        guard code == 0 else {
            handed.release()
            throw ThreadShortage(code: code)
        }
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
