import CSockets
import Dispatch
import Foundation
public import Records
import Synchronization
import Threads

/// Shows a run to browsers on this machine while it goes on, from the records in its folder.
///
/// It listens on the loopback address alone. Every reader has a thread of its own that follows the records by itself:
/// nothing is queued, and a run whose records are read does not notice.
public final class DashboardServer: Sendable {
    /// The port on which it listens.
    public let port: UInt16
    /// Where browsers find it.
    public var address: String { "http://127.0.0.1:\(port)/" }

    private let listener: Int32
    private let open: @Sendable () -> RunFollower?
    private let patience: Int32
    private let ended: @Sendable (Connection.Ending) -> Void
    private let connections = Mutex(0)
    private let group = DispatchGroup()
    private let isStopped = Atomic(false)

    /// Readers at a time.
    static let limit = 16
    private static let patience: Int32 = 5000
    /// Milliseconds after which a reader is accepted that found no free descriptor.
    private static let pause: Int32 = 100

    /// Begins to listen. Throws where the port cannot be had.
    ///
    /// - Parameters:
    ///   - port: 0 for any that is free.
    ///   - open: gives a follower of the run from its first record, for each reader.
    public convenience init(port: UInt16, open: @escaping @Sendable () -> RunFollower?) throws {
        try self.init(port: port, patience: Self.patience, open: open) { _ in }
    }

    init(
        port wanted: UInt16, patience: Int32, open: @escaping @Sendable () -> RunFollower?,
        ended: @escaping @Sendable (Connection.Ending) -> Void
    ) throws {
        var port = wanted
        listener = csockets_listen_on_loopback(&port)
        guard listener >= 0 else {
            throw OutputError(
                "--dashboard",
                "port \(wanted) cannot be had (\(String(cString: strerror(-listener)))); name another one")
        }
        self.port = port
        self.open = open
        self.patience = patience
        self.ended = ended
        group.enter()
        do {
            try SystemThread.start("dashboard") { [self] in
                listen()
                group.leave()
            }
        } catch {
            group.leave()
            close(listener)
            throw error
        }
    }

    /// Ends when all readers have been told what there is to tell; those that are too slow are not waited for.
    public func finish() {
        // Once only: after the close the listener's number may be somebody else's.
        guard !isStopped.exchange(true, ordering: .sequentiallyConsistent) else { return group.wait() }
        // Wakes the thread that waits for readers.
        shutdown(listener, Int32(SHUT_RDWR))
        group.wait()
        close(listener)
    }

    private func listen() {
        while true {
            let socket = accept(listener, nil, nil)
            if socket < 0 {
                if isStopped.load(ordering: .sequentiallyConsistent) { break }
                if errno == EINTR || errno == ECONNABORTED { continue }
                // The run goes on without a free descriptor, and the reader can wait for one.
                guard [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) else { break }
                poll(nil, 0, Self.pause)
                continue
            }
            let isOneTooMany = connections.withLock { count in
                if count == Self.limit { return true }
                count += 1
                return false
            }
            if isOneTooMany {
                let answer = Response.refusal("503 Service Unavailable")
                _ = send(socket, answer, answer.count, Int32(MSG_NOSIGNAL))
                close(socket)
            } else {
                begin(socket)
            }
        }
    }

    private func begin(_ socket: Int32) {
        group.enter()
        let work: @Sendable () -> Void = { [self] in
            let connection = Connection(socket, port: port, patience: patience) { [self] in
                isStopped.load(ordering: .sequentiallyConsistent)
            }
            let ending = connection.serve(open: open)
            leave(socket)
            ended(ending)
        }
        if (try? SystemThread.start("reader", work)) == nil { leave(socket) }
    }

    private func leave(_ socket: Int32) {
        close(socket)
        connections.withLock { $0 -= 1 }
        group.leave()
    }
}
