public import Graphs
public import Runtime

/// The open network as one process sees it: keeps links to some members of its group, carries frames over them, knows
/// who is there.
///
/// One thread does it all, with sockets that never block. Every call may come from any thread, and none waits but
/// `status` and `stop`.
public final class OpenEngine: Sendable {
    /// Begins: listens, dials, and tells what happens.
    ///
    /// - Parameters:
    ///   - run: what is trained; nil where that is asked of the first member (`OpenEvent.experiment`), and nothing else
    ///     done.
    ///   - seed: what the choice of neighbours follows from.
    ///   - hear: is called on the engine's thread, and must not wait for the engine.
    /// - Throws: a `ConfigurationError` where the port is in use or an address is none.
    public init(
        _ settings: OpenSettings, _ identity: OpenIdentity, _ run: OpenRun?, clock: OpenClock, seed: UInt64,
        hear: @escaping @Sendable (OpenEvent) -> Void
    ) throws {
        preconditionFailure("follows")
    }

    /// Who this peer is.
    public var id: KeyID { preconditionFailure("follows") }

    /// The port that it listens at; nil where it only dials.
    public var port: UInt16? { preconditionFailure("follows") }

    /// Answers `OpenEvent.greetingWanted`.
    public func greet(_ place: PeerID, connection: UInt64, _ greeting: LinkSession.Greeting) {}

    /// Sends a frame of this process's node to the place that it is for. Where no link is open there, it is dropped: the
    /// session settles that at the next greeting.
    public func send(_ frame: Frame) {}

    /// What it knows now.
    public func status() -> OpenStatus { OpenStatus() }

    /// Takes leave of all links and ends, 5 s later at the latest; what had been sent before goes out first. Nothing is
    /// told afterwards. - Parameter isFinished: whether the run is over, or only this peer leaves it.
    public func stop(isFinished: Bool) {}
}
