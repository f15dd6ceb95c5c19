import Dispatch
import Runs
package import Runtime
import Synchronization

/// A process's post: letters that have come wait here until the leader here takes them, one after the other.
package final class ControlMailbox: Sendable {
    let ranks: any ProcessNetwork
    package var rank: Int { ranks.rank }
    package var count: Int { ranks.count }
    /// Rung for every letter.
    let mail = DispatchSemaphore(value: 0)
    /// Rung for letters that came unasked, and by whoever else has something for the same eyes.
    let bell = DispatchSemaphore(value: 0)

    private let controlMessages = Mutex<ArraySlice<(controlMessage: ControlMessage, rank: Int)>>([])
    private let timeouts = Mutex<[Int]>([])
    private let frames = Mutex<(@Sendable (Frame, Int) -> Void)?>(nil)

    /// Begins to receive.
    package init(_ ranks: any ProcessNetwork) {
        self.ranks = ranks
        ranks.begin(
            ProcessArrivals(
                frame: { [self] frame, rank in
                    // A rank has its worker before it introduces itself, and nobody sends frames before that.
                    frames.withLock({ $0 })?(frame, rank)
                },
                controlMessage: { [self] controlMessage, rank in
                    controlMessages.withLock { $0.append((controlMessage, rank)) }
                    mail.signal()
                    if controlMessage.isUnasked { bell.signal() }
                },
                timeout: { [self] rank in
                    timeouts.withLock { $0.append(rank) }
                    mail.signal()
                    bell.signal()
                }))
    }

    /// Hands the frames that come to `receive`, on the network's thread.
    func receiveFrames(_ receive: @escaping @Sendable (Frame, Int) -> Void) { frames.withLock { $0 = receive } }

    /// What one rank says to another.
    enum Message: Codable, Sendable {
        /// What a rank has made ready.
        case handshake(Handshake)
        case command(UInt64, Command)
        case reply(UInt64, Reply)
        case event(WorkerEvent)
        /// The run is over with that exit code.
        case shutdown(Int32)
    }

    /// A control message cannot be written only if one of its numbers cannot, and all can.
    func send(_ message: ControlContent<Message>, to rank: Int) {
        do {
            ranks.send(try message.controlMessage(), to: rank)
        } catch {
            preconditionFailure("a control message cannot be written: \(error)")
        }
    }

    /// The next letter that has come, if there is one. Throws for one that cannot be read, which is of another version.
    func take() throws -> (message: ControlContent<Message>, rank: Int)? {
        guard let (controlMessage, rank) = controlMessages.withLock({ $0.popFirst() }) else { return nil }
        return (try ControlContent(controlMessage), rank)
    }

    /// A rank of which nothing has been heard for too long, told once.
    func takeTimeout() -> Int? { timeouts.withLock { $0.popLast() } }

    /// Tells all others that the run is over, and takes leave.
    package func shutDown(_ code: Int32) {
        for other in 0..<count where other != rank { send(ControlContent(.shutdown(code)), to: other) }
        leave()
    }

    /// Takes leave, once dismissed: waits until all other ranks that live have done so.
    package func leave() { ranks.end() }
}
