import Dispatch
package import Runtime
import Synchronization

/// A process's post: letters that have come wait here until whoever leads the run here takes them, one after the other.
package final class RankPost: Sendable {
    let ranks: any ProcessNetwork
    package var rank: Int { ranks.rank }
    package var count: Int { ranks.count }
    /// Rung for every letter.
    let mail = DispatchSemaphore(value: 0)
    /// Rung for letters that came unasked, and by whoever else has something for the same eyes.
    let bell = DispatchSemaphore(value: 0)

    private let letters = Mutex<ArraySlice<(letter: Letter, rank: Int)>>([])
    private let silences = Mutex<[Int]>([])
    private let frames = Mutex<(@Sendable (Frame, Int) -> Void)?>(nil)

    /// Begins to receive.
    package init(_ ranks: any ProcessNetwork) {
        self.ranks = ranks
        ranks.begin(
            ProcessArrivals(
                frame: { [self] frame, rank in
                    // A rank has its crew before it introduces itself, and nobody sends frames before that.
                    frames.withLock({ $0 })?(frame, rank)
                },
                letter: { [self] letter, rank in
                    letters.withLock { $0.append((letter, rank)) }
                    mail.signal()
                    if letter.isUnasked { bell.signal() }
                },
                silence: { [self] rank in
                    silences.withLock { $0.append(rank) }
                    mail.signal()
                    bell.signal()
                }))
    }

    /// Hands the frames that come to `receive`, on the network's thread.
    func receiveFrames(_ receive: @escaping @Sendable (Frame, Int) -> Void) { frames.withLock { $0 = receive } }

    /// What one rank says to another.
    enum Message: Codable, Sendable {
        /// What a rank has made ready.
        case introduction(Introduction)
        case order(UInt64, Order)
        case answer(UInt64, Answer)
        case event(CrewEvent)
        /// The run is over with that exit code.
        case dismissal(Int32)
    }

    /// A letter cannot be written only if one of its numbers cannot, and all can.
    func send(_ message: Parcel<Message>, to rank: Int) {
        do {
            ranks.send(try message.letter(), to: rank)
        } catch {
            preconditionFailure("a letter cannot be written: \(error)")
        }
    }

    /// The next letter that has come, if there is one. Throws for one that cannot be read, which is of another version.
    func take() throws -> (message: Parcel<Message>, rank: Int)? {
        guard let (letter, rank) = letters.withLock({ $0.popFirst() }) else { return nil }
        return (try Parcel(letter), rank)
    }

    /// A rank of which nothing has been heard for too long, told once.
    func takeSilence() -> Int? { silences.withLock { $0.popLast() } }

    /// Tells all others that the run is over, and takes leave.
    package func dismiss(_ code: Int32) {
        for other in 0..<count where other != rank { send(Parcel(.dismissal(code)), to: other) }
        leave()
    }

    /// Takes leave, once dismissed: waits until all other ranks that live have done so.
    package func leave() { ranks.end() }
}
