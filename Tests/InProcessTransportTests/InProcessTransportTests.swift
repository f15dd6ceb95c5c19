import Foundation
import Gossip
import Graphs
import InProcessTransport
import Runtime
import Synchronization
import Testing
import Vectors

@Suite struct InProcessTransportTests {
    private func frame(_ round: UInt64, from: PeerID, to: PeerID, payload: Payload? = nil) -> Frame {
        Frame(
            from: from, to: to,
            content: .message(
                sequence: round, id: MessageID(rawValue: round), metadata: Metadata(round: round), payload: payload)
        )
    }

    @Test func framesOfEverySenderArriveInTheirOrderFromOtherThreads() {
        let network = InProcessNetwork(peers: 4, clock: { .zero })
        for sender in 1..<4 {
            Thread.detachNewThread {
                let transport = network.transport(for: PeerID(sender))
                for round in 1...1000 { transport.send(frame(UInt64(round), from: PeerID(sender), to: 0)) }
            }
        }
        let receiver = network.transport(for: 0)
        var last = [UInt64](repeating: 0, count: 4)
        for _ in 0..<3000 {
            guard case .frame(let frame) = receiver.receive(until: nil),
                case .message(let sequence, _, _, _) = frame.content
            else { return #expect(Bool(false), "something else arrived") }
            #expect(sequence == last[frame.from.rawValue] + 1)
            last[frame.from.rawValue] = sequence
        }
        #expect(last == [0, 1000, 1000, 1000])
    }

    @Test func aPayloadIsHandedOverNotCopied() {
        let network = InProcessNetwork(peers: 2, clock: { .zero })
        let payload = Payload([1, 2])
        network.transport(for: 0).send(frame(1, from: 0, to: 1, payload: payload))
        guard case .frame(let arrived) = network.transport(for: 1).receive(until: nil),
            case .message(_, _, _, let same?) = arrived.content
        else { return #expect(Bool(false), "nothing arrived") }
        #expect(same === payload)
    }

    @Test func aMomentThatHasPassedIsNotWaitedFor() {
        let network = InProcessNetwork(peers: 1, clock: { Time(seconds: 5) })
        let transport = network.transport(for: 0)
        #expect(transport.receive(until: Time(seconds: 4)) == nil)
        transport.waker.post(.event(.stop(afterStep: 3)))
        guard case .event(.stop(3)) = transport.receive(until: Time(seconds: 4)) else {
            return #expect(Bool(false), "the stop did not arrive")
        }
    }
}
