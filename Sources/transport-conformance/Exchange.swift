import Dispatch
import Gossip
import Randomness
import Runtime
import Synchronization
import Vectors

/// Every rank sends every other one frames and letters without any session above them, and takes part in sums between:
/// what comes is what was sent, once, and each kind in its order.
enum Exchange {
    /// The payload of a message: nothing, or numbers that only this message has.
    private static func payload(_ number: Int, from: Int, to: Int) -> Payload? {
        var random = RandomStream(seed: UInt64(number), purpose: .test, peer: from, round: UInt64(to))
        let count = [0, 0, 1, 3, 16, 1000, 5000, 70_000][random.integer(below: 8)]
        if count == 0, random.bernoulli(0.5) { return nil }
        return Payload((0..<count).map { _ in Float(random.uniform()) })
    }

    private static func words(_ number: Int, from: Int, to: Int) -> [UInt8] {
        var random = RandomStream(seed: UInt64(number), purpose: .noise, peer: from, round: UInt64(to))
        return (0..<(random.integer(below: 4) * number % 3001)).map { _ in UInt8(random.integer(below: 256)) }
    }

    private static func frame(_ number: Int, from: Int, to: Int) -> Frame {
        let note = Note(round: .max - UInt64(number), channel: UInt32(to), weight: .nan)
        return Frame(
            from: PeerID(from), to: PeerID(to), incarnations: Frame.Incarnations(from: 7, to: .max),
            content: .message(
                sequence: UInt64(number), id: MessageID(rawValue: UInt64(number)), note: note,
                payload: payload(number, from: from, to: to)))
    }

    static func run(letters count: Int) throws {
        let ranks = try TransportConformance.join()
        let (me, others) = (ranks.rank, ranks.count - 1)
        let arrivals = Arrivals(expected: 2 * count * others)
        ranks.begin(
            ProcessArrivals(
                frame: { frame, rank in
                    let number = arrivals.next(rank, 0)
                    arrivals.count(isSame(frame, Self.frame(number, from: rank, to: me)), "frame \(number) of \(rank)")
                },
                letter: { letter, rank in
                    let number = arrivals.next(rank, 1)
                    let isRight =
                        letter.words == words(number, from: rank, to: me)
                        && isSame(letter.payload, payload(number, from: rank, to: me))
                    arrivals.count(isRight, "letter \(number) of \(rank)")
                },
                silence: { arrivals.count(false, "silence of \($0)") }))
        let sums = DispatchSemaphore(value: 0)
        for number in 0..<count {
            for other in 0..<ranks.count where other != me {
                ranks.send(frame(number, from: me, to: other), to: other)
                let letter = Letter(
                    words: words(number, from: me, to: other), payload: payload(number, from: me, to: other))
                ranks.send(letter, to: other)
            }
            guard number % 10 == 0 else { continue }
            // Whole numbers, so that their order does not matter.
            let numbers = Payload((0..<(number * 31)).map { Float(me + $0 % 7) })
            ranks.sum(numbers) { [total = ranks.count] sum in
                let expected = (0..<(number * 31)).map { Float(total * (total - 1) / 2 + total * ($0 % 7)) }
                arrivals.check(sum.array() == expected, "sum \(number)")
                sums.signal()
            }
        }
        for _ in stride(from: 0, to: count, by: 10) { sums.wait() }
        arrivals.wait()
        ranks.end()
        if let problem = arrivals.problem ?? TransportConformance.problem(of: ranks) {
            TransportConformance.fail("rank \(me): \(problem)", code: 1)
        }
        if me == 0 { TransportConformance.say(["all is as it was sent"]) }
    }

    private static func isSame(_ a: Payload?, _ b: Payload?) -> Bool { a?.array() == b?.array() }

    private static func isSame(_ a: Frame, _ b: Frame) -> Bool {
        guard case .message(let sequence, let id, let note, let payload) = a.content,
            case .message(let itsSequence, let itsID, let itsNote, let itsPayload) = b.content
        else { return false }
        return a.from == b.from && a.to == b.to && a.incarnations == b.incarnations && sequence == itsSequence
            && id == itsID && note.round == itsNote.round && note.channel == itsNote.channel
            && note.weight.bitPattern == itsNote.weight.bitPattern && isSame(payload, itsPayload)
    }
}

/// Counts what has come, and keeps the first thing that was wrong.
private final class Arrivals: Sendable {
    private struct State {
        var next: [Int: Int] = [:]
        var left: Int
        var problem: String?
    }

    private let state: Mutex<State>
    private let done = DispatchSemaphore(value: 0)

    init(expected: Int) {
        state = Mutex(State(left: expected))
        if expected == 0 { done.signal() }
    }

    var problem: String? { state.withLock { $0.problem } }

    /// The number of the next thing of that kind from that rank.
    func next(_ rank: Int, _ kind: Int) -> Int {
        state.withLock { state in
            defer { state.next[2 * rank + kind, default: 0] += 1 }
            return state.next[2 * rank + kind, default: 0]
        }
    }

    func check(_ isRight: Bool, _ what: String) {
        if !isRight { state.withLock { $0.problem = $0.problem ?? "\(what) is wrong" } }
    }

    func count(_ isRight: Bool, _ what: String) {
        check(isRight, what)
        let isDone = state.withLock { state in
            state.left -= 1
            return state.left == 0
        }
        if isDone { done.signal() }
    }

    func wait() { done.wait() }
}
