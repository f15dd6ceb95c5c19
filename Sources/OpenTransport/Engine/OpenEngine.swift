import Configuration
import Dispatch
import Glibc
public import Graphs
import Membership
public import Runtime
import Synchronization
import Threads

/// The open network as one process sees it: keeps links to some members of its group, carries frames over them, knows
/// who is there.
///
/// One thread does it all, with sockets that never block. Every call may come from any thread, and none waits but
/// `status` and `stop`.
public final class OpenEngine: Sendable {
    /// Who this peer is.
    public let id: KeyID
    /// The port that it listens at; nil where it only dials.
    public let port: UInt16?
    /// Where it says that others may dial it.
    public let addresses: [Seed]

    private let mailbox: Mailbox
    /// Signalled once the thread is over.
    private let ended = DispatchSemaphore(value: 0)

    /// Begins: listens, dials, and tells what happens.
    ///
    /// - Parameters:
    ///   - run: what is trained; nil where that is asked of the first member (`OpenEvent.experiment`), and nothing else
    ///     done.
    ///   - seed: what the choice of neighbours follows from.
    ///   - hear: is called on the engine's thread, and must not wait for the engine.
    /// - Throws: a `ConfigurationError` where the port is in use or an address is none.
    public convenience init(
        _ settings: OpenSettings, _ identity: OpenIdentity, _ run: LinkRun?, clock: LinkClock, seed: UInt64,
        hear: @escaping @Sendable (OpenEvent) -> Void
    ) throws {
        try self.init(settings, identity, run, clock: clock, seed: seed, limits: EngineLimits(), hear: hear)
    }

    init(
        _ settings: OpenSettings, _ identity: OpenIdentity, _ run: LinkRun?, clock: LinkClock, seed: UInt64,
        limits: EngineLimits, hear: @escaping @Sendable (OpenEvent) -> Void
    ) throws {
        precondition(run.map { $0.fingerprint != 0 && $0.text.utf8.count <= Item.mostBodyBytes } ?? true)
        // A connection that breaks while it is written to is seen where it is written to.
        signal(SIGPIPE, SIG_IGN)
        let pipe: WakePipe
        do throws(Socket.Failure) {
            pipe = try WakePipe()
        } catch {
            throw ConfigurationError(key: "transport.name", "the system gives no more files (\(error.reason))")
        }
        // Who only asks is not there for others.
        let (listener, port) = run == nil ? (nil, nil) : try Self.listener(settings)
        let addresses = try Self.addresses(settings, port)
        var book = RecordBook(identity)
        // In milliseconds, so that a process that is started again at once is a later one.
        let incarnation =
            UInt64(max(1, clock.unixSeconds())) * 1000 + UInt64(max(0, clock.nanoseconds()) / 1_000_000 % 1000)
        let card = book.card(incarnation: incarnation, addresses: addresses)
        var wanted = MembershipSettings(
            seeds: settings.seeds.map(\.memberAddress), wantedLinks: settings.neighbours)
        wanted.silenceSeconds = settings.silenceSeconds
        let member = LocalMember(card: card, settings: wanted, seed: seed)
        guard book.encoded(member.greeting.record).count <= Item.mostRecordBytes else {
            throw ConfigurationError(
                key: "transport.advertise", "the addresses are too long for a card; name fewer, or numbers")
        }
        id = identity.key.publicKey.id
        (self.port, self.addresses) = (port, addresses)
        mailbox = Mailbox(waking: pipe)
        let parts = EngineParts(
            settings: settings, identity: identity, run: run, clock: clock, limits: limits, mailbox: mailbox,
            pipe: pipe, listener: listener, port: port, card: card, member: member, book: book)
        try start(parts, hear)
    }

    deinit { mailbox.post(.abandon) }

    private func start(_ parts: EngineParts, _ hear: @escaping @Sendable (OpenEvent) -> Void) throws {
        let (mailbox, ended) = (mailbox, ended)
        try SystemThread.start("murmur-network") {
            let loop = EngineLoop(parts, tell: hear)
            loop.runUntilStopped()
            for case .status(let answer) in mailbox.close() { answer(loop.status) }
            ended.signal()
        }
    }

    private static func listener(_ settings: OpenSettings) throws -> (Socket?, UInt16?) {
        guard let listen = settings.listen else { return (nil, nil) }
        do throws(Socket.Failure) {
            let (socket, port) = try Socket.listening(at: listen.host, port: listen.port)
            return (socket, port)
        } catch {
            let remedy =
                error.code == EADDRINUSE
                ? "another process listens there; take another port, or end that process"
                : "name an address of this machine and a port that is free, such as [::]:7946"
            throw ConfigurationError(key: "transport.listen", "cannot listen at \(listen) (\(error.reason)); \(remedy)")
        }
    }

    /// Where others may dial: as told, or at the address that it listens at, or at those of this machine.
    private static func addresses(_ settings: OpenSettings, _ port: UInt16?) throws -> [Seed] {
        guard settings.advertised.count <= RecordBytes.mostAddresses else {
            throw ConfigurationError(
                key: "transport.advertise", "at most \(RecordBytes.mostAddresses) addresses can be told")
        }
        guard let port, let listen = settings.listen else { return settings.advertised }
        if !settings.advertised.isEmpty { return settings.advertised }
        if !["::", "0.0.0.0"].contains(listen.host) {
            return [listen.withPort(port)]
        }
        return SocketAddress.own(port: port, most: RecordBytes.mostAddresses).compactMap(\.seed)
    }

    // MARK: Calls

    /// Answers `OpenEvent.greetingWanted`.
    public func greet(_ place: PeerID, connection: UInt64, _ greeting: LinkSession.Greeting) {
        mailbox.post(.greet(place, connection: connection, greeting))
    }

    /// Sends a frame of this process's node to the place that it is for. Where no link is open there, it is dropped:
    /// the session settles that at the next greeting.
    public func send(_ frame: Frame) { mailbox.post(.frame(frame)) }

    /// Lets in no more whom the group has revoked, and tells the others.
    public func revoke(_ list: RevocationList) { mailbox.post(.revoke(list)) }

    /// What it knows now; nothing once it has stopped.
    public func status() -> OpenStatus {
        let (answer, answered) = (Answer(), DispatchSemaphore(value: 0))
        let isTaken = mailbox.post(
            .status { status in
                answer.status.withLock { $0 = status }
                answered.signal()
            })
        if isTaken { answered.wait() }
        return answer.status.withLock { $0 }
    }

    private final class Answer: Sendable {
        let status = Mutex(OpenStatus())
    }

    /// Takes leave of all links and ends, 5 s later at the latest; what had been sent before goes out first. Nothing is
    /// told afterwards. - Parameter isFinished: whether the run is over, or only this peer leaves it.
    public func stop(isFinished: Bool) {
        guard mailbox.post(.stop(isFinished: isFinished)) else { return }
        ended.wait()
        ended.signal()
    }
}
