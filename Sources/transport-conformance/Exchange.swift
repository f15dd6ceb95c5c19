import Dispatch
import Gossip
import Graphs
import Randomness
import Runtime
import Synchronization
import Vectors

/// Every rank sends every other one frames and letters without any session above them, and takes part in sums between
/// where the network takes any: what comes is what was sent, once, and each kind in its order.
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
        let metadata = Metadata(round: .max - UInt64(number), tag: UInt32(to), weight: .nan)
        return Frame(
            from: PeerID(from), to: PeerID(to), incarnations: Frame.Incarnations(from: 7, to: .max),
            content: .message(
                sequence: UInt64(number), id: MessageID(rawValue: UInt64(number)), metadata: metadata,
                payload: payload(number, from: from, to: to)))
    }

    static func run(controlMessages count: Int) throws {
        let ranks = try TransportConformance.join()
        let (me, others) = (ranks.rank, ranks.count - 1)
        let arrivals = Arrivals(expected: 2 * count * others)
        ranks.begin(
            ProcessArrivals(
                frame: { frame, rank in
                    let number = arrivals.next(rank, 0)
                    arrivals.count(isSame(frame, Self.frame(number, from: rank, to: me)), "frame \(number) of \(rank)")
                },
                controlMessage: { controlMessage, rank in
                    let number = arrivals.next(rank, 1)
                    let isRight =
                        controlMessage.words == words(number, from: rank, to: me)
                        && isSame(controlMessage.payload, payload(number, from: rank, to: me))
                    arrivals.count(isRight, "letter \(number) of \(rank)")
                },
                timeout: { arrivals.count(false, "silence of \($0)") }))
        let sums = DispatchSemaphore(value: 0)
        for number in 0..<count {
            for other in 0..<ranks.count where other != me {
                ranks.send(frame(number, from: me, to: other), to: other)
                let controlMessage = ControlMessage(
                    words: words(number, from: me, to: other), payload: payload(number, from: me, to: other))
                ranks.send(controlMessage, to: other)
            }
            guard ranks.takesSums, number % 10 == 0 else { continue }
            // Whole numbers, so that their order does not matter.
            let numbers = Payload((0..<(number * 31)).map { Float(me + $0 % 7) })
            ranks.sum(numbers) { [total = ranks.count] sum in
                let expected = (0..<(number * 31)).map { Float(total * (total - 1) / 2 + total * ($0 % 7)) }
                arrivals.check(sum.array() == expected, "sum \(number)")
                sums.signal()
            }
        }
        if ranks.takesSums {
            for _ in stride(from: 0, to: count, by: 10) { sums.wait() }
        }
        arrivals.wait()
        ranks.end()
        if let problem = arrivals.problem ?? TransportConformance.problem(of: ranks) {
            TransportConformance.fail("rank \(me): \(problem)", code: 1)
        }
        if me == 0 { TransportConformance.say(["all is as it was sent"]) }
    }

    private static func isSame(_ a: Payload?, _ b: Payload?) -> Bool { a?.array() == b?.array() }

    private static func isSame(_ a: Frame, _ b: Frame) -> Bool {
        guard case .message(let sequence, let id, let metadata, let payload) = a.content,
            case .message(let itsSequence, let itsID, let itsMetadata, let itsPayload) = b.content
        else { return false }
        return a.from == b.from && a.to == b.to && a.incarnations == b.incarnations && sequence == itsSequence
            && id == itsID && metadata.round == itsMetadata.round && metadata.tag == itsMetadata.tag
            && metadata.weight.bitPattern == itsMetadata.weight.bitPattern && isSame(payload, itsPayload)
    }
}
