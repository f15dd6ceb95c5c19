import Dispatch
import Glibc
import Runtime
import Synchronization
import Threads

/// Bytes over OpenSSL and a socket alone: no engine, no items, no models; one thread writes, and one reads.
///
/// The sockets block, as is quickest with a thread for each, and the kernel takes as much as it likes. Whoever reads
/// keeps nothing, so that nothing that carries models can do with less.
final class BareConnection: Sendable {
    /// What one call of OpenSSL gets: a record of TLS, which is all that it takes of more.
    private static let recordByteCount = 1 << 14

    private let dialing: Socket
    private let accepted: Socket
    private let clock: LinkClock
    /// Signalled by who reads: once for what is sent for practice, once for the rest, or where the connection breaks.
    private let read = DispatchSemaphore(value: 0)
    private let isWhole = Atomic(false)

    /// Connects over loopback.
    init(clock: LinkClock) throws(Socket.Failure) {
        let (listener, port) = try Socket.listening(at: "127.0.0.1", port: 0)
        Self.block(listener)
        guard let seed = Seed("127.0.0.1:\(port)"), let address = SocketAddress.resolve(seed, isNumeric: true).first
        else { throw Socket.Failure(code: EADDRNOTAVAIL) }
        dialing = try Socket.dialing(address)
        guard let accepted = try listener.accept()?.socket else { throw Socket.Failure(code: ECONNABORTED) }
        self.accepted = accepted
        self.clock = clock
        for socket in [dialing, accepted] {
            Self.block(socket)
            var unsent = UInt32.max
            let size = socklen_t(MemoryLayout<UInt32>.size)
            setsockopt(socket.descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &unsent, size)
        }
    }

    private static func block(_ socket: Socket) {
        _ = fcntl(socket.descriptor, F_SETFL, fcntl(socket.descriptor, F_GETFL) & ~O_NONBLOCK)
    }

    /// Seconds in which bytes go over it so many times, after once for practice; nil where it breaks. Called once.
    func seconds(_ bytes: [UInt8], times: Int, _ ends: (dialer: OpenIdentity, acceptor: OpenIdentity)) throws -> Double?
    {
        let byteCount = bytes.count
        try SystemThread.start("murmur-bare") { [self] in
            defer { read.signal() }
            guard let channel = secured(.acceptor, accepted, ends.acceptor) else {
                read.signal()
                return
            }
            let isPractised = take(byteCount, from: channel)
            read.signal()
            isWhole.store(isPractised && take(times * byteCount, from: channel), ordering: .relaxed)
        }
        guard let channel = secured(.dialer, dialing, ends.dialer), put(bytes, into: channel) else { return nil }
        read.wait()
        let begin = clock.nanoseconds()
        for _ in 0..<times {
            guard put(bytes, into: channel) else { return nil }
        }
        read.wait()
        return isWhole.load(ordering: .relaxed) ? Double(clock.nanoseconds() - begin) * 1e-9 : nil
    }

    /// One end once it has shown who it is; nil where the other has not.
    private func secured(_ role: SecureChannel.Role, _ socket: Socket, _ identity: OpenIdentity) -> SecureChannel? {
        let context = SecureContext(key: identity.key, credentials: identity.credentials, trust: identity.trust)
        let channel = SecureChannel(
            role, descriptor: socket.descriptor, context: context, now: clock.unixSeconds())
        return (try? channel.handshake()) == .done ? channel : nil
    }

    /// Writes all; false where the connection breaks.
    private func put(_ bytes: [UInt8], into channel: SecureChannel) -> Bool {
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Self.recordByteCount)
            guard let count = try? channel.write(bytes[start..<end]).count, count > 0 else { return false }
            start += count
        }
        return true
    }

    /// Reads so many bytes; false where the connection breaks.
    private func take(_ byteCount: Int, from channel: SecureChannel) -> Bool {
        var (rest, buffer) = (byteCount, [UInt8](repeating: 0, count: Self.recordByteCount))
        while rest > 0 {
            guard let count = try? channel.read(into: &buffer).count, count > 0 else { return false }
            rest -= count
        }
        return true
    }
}
