import CSockets
import DequeModule
import Glibc
import Runtime
import Synchronization
import Vectors
import Wire

/// What is to go to one rank, in its order. Whoever adds something writes as much as there is room for, and the
/// network's thread the rest, from where the numbers lie.
final class OutgoingQueue: Sendable {
    let rank: Int
    private let socket: LocalSocket
    private let backlog: Backlog
    private let state = Mutex(State())

    private struct State {
        var items = Deque<Item>()
        /// Bytes of the first item that have gone.
        var sentByteCount = 0
        var isClosed = false
    }

    private struct Item {
        /// Envelopes and words; those of several messages, where only the last has a payload.
        var head: [UInt8]
        var payload: Payload?
        var byteCount: Int { head.count + (payload?.byteCount ?? 0) }
    }

    /// So many bytes of short messages go as one.
    private static let longestHeadBytes = 1 << 14

    init(to rank: Int, over socket: LocalSocket, backlog: Backlog) {
        (self.rank, self.socket, self.backlog) = (rank, socket, backlog)
    }

    /// Whether something waits for room.
    var isWaiting: Bool { state.withLock { !$0.items.isEmpty } }

    /// Whether nothing goes any more.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Adds an envelope with what belongs to it.
    ///
    /// - Returns: Whether the network's thread is to look for room from now on.
    func add(_ envelope: Envelope, words: [UInt8] = [], payload: Payload? = nil) -> Bool {
        let head = envelope.encoded + words
        return state.withLock { state in
            guard !state.isClosed else { return false }
            backlog.add(head.count + (payload?.byteCount ?? 0), to: rank)
            let wasWaiting = !state.items.isEmpty
            if let last = state.items.indices.last, wasWaiting, state.items[last].payload == nil,
                state.items[last].head.count < Self.longestHeadBytes
            {
                state.items[last].head += head
                state.items[last].payload = payload
            } else {
                state.items.append(Item(head: head, payload: payload))
            }
            if wasWaiting { return false }
            write(&state)
            return !state.items.isEmpty
        }
    }

    /// Writes what there is room for.
    func flush() { state.withLock { write(&$0) } }

    private func write(_ state: inout State) {
        while let first = state.items.first {
            let count = csockets_send(
                socket.descriptor, first.head, Int64(first.head.count), first.payload?.bytes.baseAddress,
                Int64(first.payload?.byteCount ?? 0), Int64(state.sentByteCount))
            withExtendedLifetime(first) {}
            guard count >= 0 else {
                // A connection that broke is found by its end, behind the last that came over it.
                if count != Int64(-EAGAIN) { close(&state) }
                return
            }
            state.sentByteCount += Int(count)
            backlog.leave(Int(count), to: rank)
            guard state.sentByteCount == first.byteCount else { return }
            state.items.removeFirst()
            state.sentByteCount = 0
        }
    }

    /// Drops what waits: nothing goes any more, and nobody waits for room.
    func close() { state.withLock { close(&$0) } }

    private func close(_ state: inout State) {
        state.isClosed = true
        state.items = []
        backlog.forget(rank)
    }

    /// Ends the connection, which the other end sees at once.
    func shutDown() {
        close()
        socket.shutDown()
    }
}
