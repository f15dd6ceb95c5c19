import Graphs
import Runtime
import Synchronization

/// What other threads ask of the engine's.
enum EngineCommand: Sendable {
    case greet(PeerID, connection: UInt64, LinkSession.Greeting)
    case frame(Frame)
    /// A name was looked up for a dial.
    case resolved(dial: UInt64, [SocketAddress])
    /// The group's list of revocations, as somebody has given it to this process.
    case revoke(RevocationList)
    case status(@Sendable (OpenStatus) -> Void)
    case stop(isFinished: Bool)
    /// Nobody holds the engine any more.
    case abandon
}

/// Where they put it.
final class Mailbox: Sendable {
    private struct Content {
        var commands: [EngineCommand] = []
        var isClosed = false
    }

    private let content = Mutex(Content())
    private let pipe: WakePipe

    init(waking pipe: WakePipe) { self.pipe = pipe }

    /// Whether somebody will still look at it.
    @discardableResult
    func post(_ command: EngineCommand) -> Bool {
        let (isTaken, isFirst) = content.withLock { content in
            guard !content.isClosed else { return (false, false) }
            content.commands.append(command)
            return (true, content.commands.count == 1)
        }
        if isFirst { pipe.wake() }
        return isTaken
    }

    /// All that lies there.
    func take() -> [EngineCommand] {
        content.withLock { content in
            defer { content.commands = [] }
            return content.commands
        }
    }

    /// Takes nothing more. Gives what lies there.
    func close() -> [EngineCommand] {
        content.withLock { content in
            content.isClosed = true
            defer { content.commands = [] }
            return content.commands
        }
    }
}
