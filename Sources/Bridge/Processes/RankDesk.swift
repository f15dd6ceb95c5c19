import Gossip
import Runtime
import Synchronization
import Vectors

/// The letters between the peers of several processes, and who has fallen silent. Frames go to the node at once; the
/// rest waits here for its thread, which is woken.
final class RankDesk: Sendable {
    /// Something that has come.
    enum Item: Sendable {
        case letter(Letter, payload: Payload?, from: Int)
        /// Nothing is heard of the rank any more.
        case silence(of: Int)
    }

    let network: any ProcessNetwork
    private let waker: Waker
    private let items = Mutex<[Item]>([])

    init(_ network: any ProcessNetwork, waker: Waker) {
        self.network = network
        self.waker = waker
    }

    /// Begins to take in what comes.
    func begin() {
        network.begin(
            ProcessArrivals(
                frame: { [waker] frame, _ in waker.post(.frame(frame)) },
                controlMessage: { [self] message, rank in
                    // What cannot be read was written by another build, whose hello says so.
                    guard let letter = try? Letter(bytes: message.words) else { return }
                    put(.letter(letter, payload: message.payload, from: rank))
                },
                timeout: { [self] rank in put(.silence(of: rank)) }))
    }

    private func put(_ item: Item) {
        items.withLock { $0.append(item) }
        waker.post(.wake)
    }

    /// What has come since the last look.
    func take() -> [Item] {
        items.withLock { items in
            defer { items = [] }
            return items
        }
    }

    /// Says something to some ranks.
    func send(_ letter: Letter, payload: Payload? = nil, to ranks: [Int]) {
        let words = letter.bytes
        for rank in ranks { network.send(ControlMessage(words: words, payload: payload), to: rank) }
    }
}

extension Letter {
    /// The letter as a control message's words.
    fileprivate var bytes: [UInt8] {
        do {
            return try CodedEncoder.tree(self).bytes
        } catch {
            preconditionFailure("a letter cannot be written: \(error)")
        }
    }

    fileprivate init(bytes: [UInt8]) throws {
        var reader = StateReader(bytes)
        self = try CodedDecoder.value(Letter.self, CodedValue(reading: &reader))
    }
}
