import Dispatch
import Foundation
import Gossip
import Graphs
import InProcessTransport
import Runtime
import Synchronization
import TransportTrials
import Vectors

/// Messages to and fro between two ranks. Rank 0 measures; rank 1 does what it is told by letter.
final class RankPingPong: Sendable {
    private static let byteCounts = [4_000_000, 45_000_000]

    private let ranks: any ProcessNetwork
    private let network: InProcessNetwork
    private let begin = ContinuousClock.now
    private let orders = Mutex<[[UInt8]]>([])
    private let ordered = DispatchSemaphore(value: 0)
    /// Payloads that rank 0 is still to hit back.
    private let left = Mutex(0)
    /// The last of them.
    private let last = Mutex<Payload?>(nil)
    private let landed = DispatchSemaphore(value: 0)

    init(_ ranks: any ProcessNetwork) {
        self.ranks = ranks
        let begin = begin
        network = InProcessNetwork(
            localPeerIDs: ranks.rank..<(ranks.rank + 1), of: 2, clock: { Time(begin) },
            uplink: { frame in ranks.send(frame, to: frame.to.rawValue) })
        ranks.begin(
            ProcessArrivals(
                frame: { [self] frame, _ in take(frame) },
                controlMessage: { [self] controlMessage, _ in
                    orders.withLock { $0.append(controlMessage.words) }
                    ordered.signal()
                },
                timeout: { _ in ranks.abort(1) }))
    }

    // MARK: Rank 0

    func measure(pairs: Int, notes: Int) throws -> Figures {
        var figures = Figures()
        for byteCount in Self.byteCounts {
            let payload = Payload([Float](repeating: 1, count: byteCount / 4))
            let rounds = max(4, 200_000_000 / byteCount)
            let bytes = Double(2 * rounds * byteCount) * 1e-9
            var (ours, plain): ([Double], [Double]) = ([], [])
            for pair in 0..<pairs {
                // Each goes first in turn.
                for part in 0..<2 {
                    if part != pair % 2 {
                        ours.append(bytes / seconds(payload, rounds: rounds))
                    } else if let baseline = ranks.baseline {
                        order("plain \(byteCount) \(rounds)")
                        plain.append(bytes / baseline.pingPongSeconds(payload, rounds))
                    }
                }
            }
            let ratios = zip(ours, plain).map { $0 / $1 }
            figures.rows.append(
                Figures.Row(
                    byteCount: byteCount, ours: median(ours),
                    plain: plain.isEmpty ? nil : (speed: median(plain), ratio: median(ratios))))
        }
        order("notes \(notes)")
        figures.noteSeconds = pingPong(notes) / 2
        figures.wakingSeconds = median((0..<200).map { _ in wakingSeconds() })
        figures.idleShare = idleShare()
        order("end")
        return figures
    }

    private func wakingSeconds() -> Double {
        Thread.sleep(forTimeInterval: 0.005)
        let begin = ContinuousClock.now
        order("echo")
        ordered.wait()
        return (ContinuousClock.now - begin).inSeconds
    }

    private func idleShare() -> Double {
        func processorSeconds() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
        }
        let (begin, spent) = (ContinuousClock.now, processorSeconds())
        Thread.sleep(forTimeInterval: 2)
        return (processorSeconds() - spent) / (ContinuousClock.now - begin).inSeconds
    }

    /// Seconds of so many times there and back.
    private func seconds(_ payload: Payload, rounds: Int) -> Double {
        // Once for practice, as the baseline has it, and then on with the block that has come back.
        sendPing(payload, times: 1)
        let block = last.withLock { $0.take() } ?? payload
        let begin = ContinuousClock.now
        sendPing(block, times: rounds)
        return (ContinuousClock.now - begin).inSeconds
    }

    private func sendPing(_ payload: Payload, times: Int) {
        left.withLock { $0 = times }
        sendPing(payload)
        landed.wait()
    }

    // MARK: Rank 1

    func serve() {
        var block = Payload([Float]())
        while true {
            ordered.wait()
            let order = orders.withLock { String(decoding: $0.removeFirst(), as: UTF8.self) }
            let words = order.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Int($0) }
            switch words[0] {
            case "plain":
                if block.byteCount != numbers[0] { block = Payload([Float](repeating: 0, count: numbers[0] / 4)) }
                _ = ranks.baseline?.pingPongSeconds(block, numbers[1])
            case "notes": _ = pingPong(numbers[0])
            case "echo": ranks.send(ControlMessage(words: []), to: 0)
            default: return
            }
        }
    }

    // MARK: Both

    private func order(_ words: String) { ranks.send(ControlMessage(words: Array(words.utf8)), to: 1) }

    /// Median seconds of a note there and back between the two nodes.
    private func pingPong(_ rounds: Int) -> Double {
        let me = ranks.rank
        let begin = begin
        let pingPong = PingPong(rounds: rounds, to: PeerID(1 - me), serves: me == 0)
        let over = ExchangeNode.run(
            pingPong, peers: 2, vector: [0], over: network.transport(for: PeerID(me)), clock: { Time(begin) })
        let seconds = (over as? PingPong)?.roundTripSeconds ?? []
        return seconds.isEmpty ? 0 : seconds[seconds.count / 2]
    }

    private func take(_ frame: Frame) {
        guard let payload = frame.payload else { return network.waker(for: frame.to).post(.frame(frame)) }
        if ranks.rank == 0 {
            let rest = left.withLock { left in
                left -= 1
                return left
            }
            if rest == 0 {
                last.withLock { $0 = payload }
                landed.signal()
                return
            }
        }
        sendPing(payload)
    }

    private func sendPing(_ payload: Payload) {
        let other = 1 - ranks.rank
        ranks.send(
            Frame(
                from: PeerID(ranks.rank), to: PeerID(other),
                content: .message(sequence: 1, id: MessageID(rawValue: 1), metadata: Metadata(), payload: payload)),
            to: other)
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension Time {
    /// The time since that moment.
    fileprivate init(_ begin: ContinuousClock.Instant) {
        let elapsed = (ContinuousClock.now - begin).components
        self.init(nanoseconds: elapsed.seconds * 1_000_000_000 + elapsed.attoseconds / 1_000_000_000)
    }
}
