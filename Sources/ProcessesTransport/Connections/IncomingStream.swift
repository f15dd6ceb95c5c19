import CSockets
import Runtime
import Vectors
import Wire

/// What comes over one connection: bytes to messages. Long payloads are read to where they will lie.
struct IncomingStream {
    /// What has come.
    enum Arrived {
        case frame(Frame)
        case controlMessage(ControlMessage)
        /// The other end has taken its leave.
        case shutdown
        /// The other end, rank 0, counts that rank as gone.
        case loss(Int)
    }

    /// What came of a look at the connection.
    enum Progress {
        case moved
        case nothingNow
        /// It has ended.
        case end
    }

    private enum Stage {
        case envelope
        case words(count: Int, numbers: Int?)
        case payload(Payload, filled: Int, Owner)
    }

    /// What a payload belongs to.
    private enum Owner {
        case frame(Frame)
        case controlMessage(words: [UInt8])
    }

    /// Bytes that are nothing a rank sends.
    struct Malformed: Error {
        let reason: String
    }

    private static let mostWords = 1 << 30

    private let pool: PayloadPool
    private var stage = Stage.envelope
    /// Bytes of an envelope or of words that have come so far.
    private var bytes: [UInt8] = []

    init(pool: PayloadPool) { self.pool = pool }

    /// Reads once, and adds what is complete. `scratch` is memory for that, the same for all connections.
    mutating func receive(
        from socket: LocalSocket, _ scratch: inout [UInt8], _ arrived: inout [Arrived]
    ) throws(Malformed) -> Progress {
        if case .payload(let payload, let filled, let owner) = stage, payload.byteCount - filled >= scratch.count {
            let place = payload.bytes.baseAddress.map { $0 + filled }
            let count = csockets_receive(socket.descriptor, place, Int64(payload.byteCount - filled))
            guard case .bytes(let count) = socket.received(count) else { return rest(socket.received(count)) }
            fill(payload, filled + count, owner, &arrived)
            return .moved
        }
        let received = socket.receive(&scratch, atMost: scratch.count)
        guard case .bytes(let count) = received else { return rest(received) }
        try take(scratch[..<count], &arrived)
        return .moved
    }

    private func rest(_ received: LocalSocket.Received) -> Progress {
        if case .end = received { .end } else { .nothingNow }
    }

    /// Handles bytes that have come, and adds what is complete.
    mutating func take(_ more: ArraySlice<UInt8>, _ arrived: inout [Arrived]) throws(Malformed) {
        var rest = more
        while !rest.isEmpty {
            switch stage {
            case .envelope:
                guard collect(&rest, upTo: Envelope.byteCount) else { return }
                try open(&arrived)
            case .words(let count, let numbers):
                guard collect(&rest, upTo: count) else { return }
                finishWords(numbers, &arrived)
            case .payload(let payload, let filled, let owner):
                let count = min(rest.count, payload.byteCount - filled)
                payload.bytes[filled..<(filled + count)].copyBytes(from: rest.prefix(count))
                rest = rest.dropFirst(count)
                fill(payload, filled + count, owner, &arrived)
            }
        }
    }

    /// Whether so many bytes are there now.
    private mutating func collect(_ rest: inout ArraySlice<UInt8>, upTo count: Int) -> Bool {
        let more = rest.prefix(count - bytes.count)
        bytes += more
        rest = rest.dropFirst(more.count)
        return bytes.count == count
    }

    private mutating func open(_ arrived: inout [Arrived]) throws(Malformed) {
        let envelope: Envelope
        do throws(WireError) {
            envelope = try Envelope(encoded: bytes)
        } catch {
            throw Malformed(reason: "\(error)")
        }
        bytes.removeAll(keepingCapacity: true)
        switch envelope {
        case .frame(let frame, nil, _): arrived.append(.frame(frame))
        case .frame(let frame, let count?, let isPacked):
            fill(pool.awaited(count: count, isPacked: isPacked), 0, .frame(frame), &arrived)
        case .controlMessage(let count, let numbers):
            guard (0...Self.mostWords).contains(count) else {
                throw Malformed(reason: "a control message of \(count) bytes")
            }
            stage = .words(count: count, numbers: numbers)
            if count == 0 { finishWords(numbers, &arrived) }
        case .heartbeat: break
        case .shutdown: arrived.append(.shutdown)
        case .loss(let rank): arrived.append(.loss(rank))
        case .unreachable(let rank): throw Malformed(reason: "rank \(rank) told unreachable, which no rank here says")
        }
    }

    private mutating func finishWords(_ numbers: Int?, _ arrived: inout [Arrived]) {
        let words = bytes
        bytes = []
        guard let numbers else {
            stage = .envelope
            return arrived.append(.controlMessage(ControlMessage(words: words)))
        }
        fill(pool.awaited(count: numbers), 0, .controlMessage(words: words), &arrived)
    }

    /// So many bytes of a payload are there, which may be all.
    private mutating func fill(_ payload: Payload, _ filled: Int, _ owner: Owner, _ arrived: inout [Arrived]) {
        guard filled == payload.byteCount else {
            stage = .payload(payload, filled: filled, owner)
            return
        }
        stage = .envelope
        switch owner {
        case .frame(let frame): arrived.append(.frame(frame.carrying(payload)))
        case .controlMessage(let words): arrived.append(.controlMessage(ControlMessage(words: words, payload: payload)))
        }
    }
}
