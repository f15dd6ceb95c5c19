import Runtime
import Vectors

/// The connection to one rank as the network's thread has it.
final class LocalLink {
    let rank: Int
    let socket: LocalSocket
    let outgoing: OutgoingQueue
    var incoming: IncomingStream
    /// Whether something may still come.
    var isOpen = true
    /// Whether it was told that the rank is gone.
    var isTold = false
    var hasHeardShutdown = false

    init(to rank: Int, over socket: LocalSocket, _ outgoing: OutgoingQueue, pool: PayloadPool) {
        (self.rank, self.socket, self.outgoing) = (rank, socket, outgoing)
        incoming = IncomingStream(pool: pool)
    }

    /// Whether nobody waits for that rank in the end: it has taken its leave and heard ours, or is gone.
    var isDone: Bool { !isOpen || isTold || hasHeardShutdown && !outgoing.isWaiting }
}
