import Configuration
public import Runtime
import Vectors

/// How fast a model goes over one link of the open network, beside the same bytes over OpenSSL alone.
///
/// Two members of a group that lives no longer than this, each with an engine of its own, over TCP on this machine's
/// loopback.
public final class LinkMeasurement {
    private let clock: LinkClock
    private let payload: Payload
    private let bytes: [UInt8]
    private let identities: (dialer: OpenIdentity, acceptor: OpenIdentity)
    private let (dialer, acceptor) = (MeasuredEnd(), MeasuredEnd())

    /// Founds the group and opens the link.
    ///
    /// - Parameter byteCount: bytes of the model, at least 4.
    /// - Throws: a `ConfigurationError` where this machine lets no such link be.
    public init(byteCount: Int, clock: LinkClock) throws {
        self.clock = clock
        let count = byteCount / MemoryLayout<Float>.size
        payload = Payload((0..<count).map { Float($0 % 4099) / 4099 })
        bytes = Array(payload.bytes)
        let (now, root) = (clock.unixSeconds(), PrivateKey.generate())
        let group = Group.founded(as: "measured", key: root, now: now)
        func member() -> OpenIdentity {
            let key = PrivateKey.generate()
            let credentials = Credentials.ofFounder(key.publicKey, in: group, signedBy: root, now: now)
            return OpenIdentity(key: key, credentials: credentials, trust: Trust(group: group))
        }
        identities = (member(), member())
        let run = LinkRun(fingerprint: 1, text: "", parameterCount: count, layout: 1)
        let port = try acceptor.start(
            OpenSettings(listen: Seed(listening: "127.0.0.1:0")), identities.acceptor, run, clock: clock, seed: 1)
        var settings = OpenSettings(listen: nil)
        settings.seeds = port.flatMap { Seed("127.0.0.1:\($0)") }.map { [$0] } ?? []
        _ = try dialer.start(settings, identities.dialer, run, clock: clock, seed: 2)
        guard dialer.isLinked(withinSeconds: 30), acceptor.isLinked(withinSeconds: 30) else {
            throw Self.failure("no link comes about")
        }
    }

    private static func failure(_ finding: String) -> ConfigurationError {
        ConfigurationError(key: nil, "\(finding) over 127.0.0.1; see that this machine lets TCP through there")
    }

    /// Seconds in which the model goes over the link so many times, from the sender's node to the receiver's and its
    /// word back, after once for practice. - Throws: a `ConfigurationError` where the link breaks.
    public func linkSeconds(times: Int) throws -> Double {
        var isWhole = dialer.send(payload, times: 1)
        let begin = clock.nanoseconds()
        isWhole = isWhole && dialer.send(payload, times: times)
        guard isWhole else { throw Self.failure("the link broke") }
        return Double(clock.nanoseconds() - begin) * 1e-9
    }

    /// Seconds in which its bytes go so many times over a connection of OpenSSL by the same keys, from one thread to
    /// another, after once for practice. - Throws: a `ConfigurationError` where there is none.
    public func bareSeconds(times: Int) throws -> Double {
        guard let connection = try? BareConnection(clock: clock),
            let seconds = try connection.seconds(bytes, times: times, identities)
        else { throw Self.failure("no connection comes about") }
        return seconds
    }

    /// Ends the link.
    public func end() {
        dialer.stop()
        acceptor.stop()
    }
}
