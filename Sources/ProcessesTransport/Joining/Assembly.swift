import Glibc

/// Brings the ranks of a run together: each listens, dials those before it, and waits for those behind it.
///
/// Used by one thread. Whoever dials says first who it is; whoever was dialed answers, and only then is either in.
final class Assembly {
    private let place: ProcessPlace
    private let rendezvous: Rendezvous
    private let listener: LocalSocket
    private var joined: [Int: LocalSocket] = [:]
    /// Who has dialed this rank and not said yet who it is.
    private var callers: [Talk] = []
    /// Whom this rank has dialed, and who has not answered yet.
    private var dialed: [Int: Talk] = [:]

    /// A connection at which one end still has to say who it is.
    private struct Talk {
        let socket: LocalSocket
        var heard: [UInt8] = []

        /// Reads what has come, no byte too much. Nil where the other end is gone.
        mutating func listen() -> [UInt8]? {
            var scratch = [UInt8](repeating: 0, count: ProcessHandshake.byteCount - heard.count)
            switch socket.receive(&scratch, atMost: scratch.count) {
            case .bytes(let count): heard += scratch[..<count]
            case .nothingNow: break
            case .end: return nil
            }
            return heard
        }
    }

    /// So long it waits for sockets before it dials again who was not there.
    private static let patienceMilliseconds: Int32 = 20

    init(_ place: ProcessPlace, _ rendezvous: Rendezvous) throws(ProcessesError) {
        (self.place, self.rendezvous) = (place, rendezvous)
        listener = try rendezvous.listen()
    }

    /// Waits for all others. Throws where one does not come in so many seconds, does not fit, or is gone again.
    ///
    /// - Parameter clock: Seconds since any moment.
    /// - Returns: The connection to each.
    func join(within seconds: Double, clock: () -> Double) throws(ProcessesError) -> [Int: LocalSocket] {
        let deadline = clock() + seconds
        defer { rendezvous.leave() }
        while joined.count < place.ranks - 1 {
            guard clock() < deadline else {
                let missing = (0..<place.ranks).filter { $0 != place.rank && joined[$0] == nil }
                throw .missing(missing, of: place.ranks, seconds: seconds, folder: place.folder)
            }
            try dial()
            try look()
        }
        return joined
    }

    private var own: ProcessHandshake { ProcessHandshake(rank: place.rank, of: place.ranks) }

    private func dial() throws(ProcessesError) {
        for rank in 0..<place.rank where joined[rank] == nil && dialed[rank] == nil {
            guard let socket = try rendezvous.dial(rank) else { continue }
            socket.say(own.encoded)
            dialed[rank] = Talk(socket: socket)
        }
    }

    /// Waits until something has come, or it is time to dial again.
    private func look() throws(ProcessesError) {
        let (callers, dialed, joined) = (callers, dialed.sorted { $0.key < $1.key }, joined.sorted { $0.key < $1.key })
        var polls = ([listener] + callers.map(\.socket) + dialed.map(\.value.socket)).map { socket in
            pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
        }
        // Of those who are in only their end is heard of now.
        polls += joined.map { pollfd(fd: $0.value.descriptor, events: 0, revents: 0) }
        guard poll(&polls, nfds_t(polls.count), Self.patienceMilliseconds) > 0 else { return }
        var found = polls.map { $0.revents != 0 }[...]
        let isCalled = found.removeFirst()
        self.callers = []
        for talk in callers {
            if found.removeFirst() { try hear(talk) } else { self.callers.append(talk) }
        }
        if isCalled { try accept() }
        for (rank, talk) in dialed where found.removeFirst() { try hearAnswer(of: rank, talk) }
        for (rank, _) in joined where found.removeFirst() { throw .gone(rank: rank, of: place.ranks) }
    }

    private func accept() throws(ProcessesError) {
        do throws(LocalSocket.Failure) {
            while let socket = try listener.accept() { callers.append(Talk(socket: socket)) }
        } catch {
            throw .system("socket", reason: error.reason)
        }
    }

    /// Hears who has dialed. What is no handshake is closed: strangers may not keep a run from beginning.
    private func hear(_ talk: Talk) throws(ProcessesError) {
        var talk = talk
        guard let heard = talk.listen() else { return }
        guard heard.count == ProcessHandshake.byteCount else { return callers.append(talk) }
        guard let other = ProcessHandshake(encoded: heard) else { return }
        let isNew = other.rank > place.rank && other.rank < place.ranks && joined[other.rank] == nil
        let fits = other.version == own.version && other.ranks == place.ranks && isNew
        talk.socket.say(ProcessHandshake(rank: place.rank, of: place.ranks, answer: fits ? .welcome : .refused).encoded)
        try check(other)
        // Two of one number are told by the second of them.
        if isNew { joined[other.rank] = talk.socket }
    }

    private func hearAnswer(of rank: Int, _ talk: Talk) throws(ProcessesError) {
        var talk = talk
        // Who has gone before it answered may come back until time is up.
        guard let heard = talk.listen() else {
            dialed[rank] = nil
            return
        }
        guard heard.count == ProcessHandshake.byteCount else {
            dialed[rank] = talk
            return
        }
        dialed[rank] = nil
        guard let other = ProcessHandshake(encoded: heard) else { return }
        try check(other)
        guard other.answer == .welcome, other.rank == rank else {
            throw .taken(rank: place.rank, folder: place.folder)
        }
        joined[rank] = talk.socket
    }

    private func check(_ other: ProcessHandshake) throws(ProcessesError) {
        guard other.version == own.version else { throw .otherVersion(rank: place.rank, other: other.rank) }
        guard other.ranks == place.ranks else {
            throw .otherCount(rank: place.rank, of: place.ranks, other: other.rank, ofOther: other.ranks)
        }
    }
}
