import Glibc
import Gossip
import Graphs
import Membership
import Runtime
import Testing
import Vectors

@testable import OpenTransport

/// One connection by hand, of a member that need not keep to anything.
final class RawPeer {
    let descriptor: Int32
    private var channel: SecureChannel?
    private var reader = ItemReader(hasGreeted: true)
    private var read: [UInt8] = []

    /// Connects to a port of this machine.
    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(code == 0)
        bePatient()
    }

    /// Takes the connection that somebody dials there.
    init(dialedAt listener: Socket) throws {
        var waiting = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
        try #require(poll(&waiting, 1, 60_000) == 1)
        descriptor = accept(listener.descriptor, nil, nil)
        try #require(descriptor >= 0)
        bePatient()
    }

    /// A socket that blocks for a while and then says that it would have to: the channel asks again.
    private func bePatient() {
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Breaks the connection.
    func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Sends bytes without TLS.
    func sendPlain(_ bytes: [UInt8]) { Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// Whether the other side closes without TLS.
    var isClosed: Bool {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            if count == 0 || count < 0 && errno != EAGAIN { return true }
            if count < 0 { return false }
        }
    }

    /// Shows who it is.
    func secure(_ identity: OpenIdentity, as role: SecureChannel.Role = .dialer, now: Int64 = SmallGroup.now) throws {
        let context = SecureContext(key: identity.key, credentials: identity.credentials, trust: identity.trust)
        let channel = SecureChannel(role, descriptor: descriptor, context: context, now: now)
        try #require(try channel.handshake() == .done)
        self.channel = channel
    }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty { rest = rest.dropFirst(try #require(channel).write(rest).count) }
    }

    func write(_ item: Item) throws { try write(item.encoded) }

    /// The next item that comes; nil once the other side has closed.
    func next() throws -> Item? {
        while true {
            var rest = read[...]
            let item = try reader.next(from: &rest)
            read = Array(rest)
            if let item { return item }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            do throws(SecureFailure) {
                guard let channel else { return nil }
                let count = try channel.read(into: &buffer).count
                if count == 0 { return nil }
                read += buffer.prefix(count)
            } catch {
                return nil
            }
        }
    }

    /// Whether the other side ends the link for a breach.
    func isEndedForBreach() throws -> Bool {
        while let item = try next() {
            if case .shutdown(.breach) = item.content { return true }
        }
        return false
    }

    /// The greeting of a member that has a node.
    func hello(_ identity: OpenIdentity, _ run: LinkRun = TestPeer.run()) -> Hello {
        var book = RecordBook(identity)
        let card = book.card(incarnation: 1, addresses: [])
        let member = LocalMemberOfTests.member(card)
        return Hello(
            protocols: EngineLimits.protocols, experiment: run.fingerprint,
            parameterCount: UInt64(run.parameterCount), layout: run.layout, encodings: PayloadEncoding.fp32.bit,
            incarnation: 1, session: SessionGreeting(number: 0, handled: 0, formerNumber: 0, formerHandled: 0),
            digest: member.greeting.digest, time: UInt64(SmallGroup.now), degree: 0,
            record: book.encoded(member.greeting.record))
    }

    /// Greets, and waits for the answer. Gives the number of the session.
    @discardableResult
    func greet(_ identity: OpenIdentity) throws -> UInt32 {
        try write(Item(number: 0, content: .hello(hello(identity))))
        guard case .hello(let theirs) = try #require(try next()).content else { throw Unexpected() }
        return UInt32(theirs.session.number) + 1
    }

    /// Announces a message of a node in its order, the first of the link unless a number says otherwise. One with
    /// numbers waits for the word that they may come, and sends so many bytes of them.
    func send(
        _ values: [Float]?, session: UInt32, sequence: UInt64 = 1, number: UInt64 = 1, byteCount: Int = .max
    ) throws {
        var queue = FrameQueue(EngineLimits(), now: 0)
        let frame = Frame(
            from: 0, to: 1, incarnations: Frame.Incarnations(from: session, to: session),
            content: .message(
                sequence: sequence, id: MessageID(rawValue: sequence), metadata: Metadata(weight: 0.5),
                payload: values.map { Payload($0) }))
        guard queue.append(frame), let opening = queue.next(.fp32, now: 0)?.opening else { throw Unexpected() }
        try write(Item(number: number, content: .frame(opening)))
        guard let values else { return }
        while let item = try next() {
            if case .go = item.content { break }
        }
        let bytes = values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
        try write(Item(number: number, content: .chunk(Array(bytes.prefix(byteCount)))))
    }

    struct Unexpected: Error {}
}
