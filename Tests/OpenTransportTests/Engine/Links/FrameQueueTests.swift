import Gossip
import Graphs
import Runtime
import Testing
import Vectors
import Wire

@testable import OpenTransport

@Suite struct FrameQueueTests {
    private func message(_ sequence: UInt64, _ values: [Float]?) -> Frame {
        Frame(
            from: 0, to: 3, incarnations: Frame.Incarnations(from: 5, to: 5),
            content: .message(
                sequence: sequence, id: MessageID(rawValue: sequence), metadata: Metadata(weight: 0.5),
                payload: values.map { Payload($0) }))
    }

    private func acknowledgement(_ place: UInt64) -> Frame {
        Frame(
            from: 0, to: 3, incarnations: Frame.Incarnations(from: 5, to: 5),
            content: .acknowledgement(through: place))
    }

    @Test func fewModelsAreAnnouncedAndWordsOvertakeThem() throws {
        var queue = FrameQueue(EngineLimits(), now: 0)
        for sequence in UInt64(1)...3 { #expect(queue.append(message(sequence, [1, 2, 3])) == true) }
        #expect(queue.append(message(4, nil)) == true)
        #expect(queue.next(.fp32, now: 0)?.number == 1)
        #expect(queue.next(.bf16, now: 0)?.opening.payloadByteCount == 6)
        // What has a place in the order waits for those before it.
        #expect(queue.next(.fp32, now: 0) == nil)
        for place in UInt64(8)...9 { #expect(queue.append(acknowledgement(place)) == true) }
        let next = queue.next(.fp32, now: 0)
        let word = try #require(next)
        #expect(word.number == 3 && word.opening.encoding == .none)
        #expect(queue.next(.fp32, now: 0) == nil)
        #expect(queue.modelCount == 3 && queue.nextByteCount == 0)

        queue.release(1)
        queue.release(77)
        #expect(queue.nextByteCount == 12)
        var outgoing = OutgoingBytes()
        queue.moveChunk(to: &outgoing)
        var (reader, bytes) = (ItemReader(hasGreeted: true), outgoing.front)
        let read = try reader.next(from: &bytes)
        let item = try #require(read)
        #expect(item.number == 1 && item.content == .chunk([0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64]))
        #expect(queue.next(.fp32, now: 0)?.number == 4)
        queue.release(2)
        queue.moveChunk(to: &outgoing)
        #expect(queue.next(.fp32, now: 0)?.opening.payloadByteCount == 0)
    }

    @Test func aNodeThatNeverWaitsIsNotFollowed() {
        var queue = FrameQueue(EngineLimits(), now: 0)
        let taken = (1...40).prefix { queue.append(message(UInt64($0), [1])) }
        #expect(taken.count == 18)
    }

    @Test func openingsAreThoseOfTheSessionInTheirOrder() throws {
        let peer = PeerNumber(place: 9, session: 5)
        func frame(_ sent: Frame, after place: inout UInt64) -> Frame? {
            var queue = FrameQueue(EngineLimits(), now: 0)
            guard queue.append(sent), let next = queue.next(.fp32, now: 0) else { return nil }
            return Frame(next.opening, from: peer, after: &place)
        }
        var place: UInt64 = 0
        let first = try #require(frame(message(1, [1]), after: &place))
        #expect(first.from == 9 && first.to == 0 && place == 1)
        #expect(frame(message(1, nil), after: &place) == nil)
        #expect(frame(message(3, nil), after: &place) == nil)
        #expect(frame(acknowledgement(3), after: &place) != nil)
        #expect(frame(message(2, nil), after: &place) != nil && place == 2)
        let other = Frame(from: 0, to: 3, content: .acknowledgement(through: 1))
        #expect(frame(other, after: &place) == nil)
        let part = Frame(
            from: 0, to: 3, incarnations: Frame.Incarnations(from: 5, to: 5),
            content: .part(sequence: 3, payload: Payload([1])))
        #expect(frame(part, after: &place) == nil)
        for weight in [-1, 2, .nan, .infinity] {
            let heavy = Frame(
                from: 0, to: 3, incarnations: Frame.Incarnations(from: 5, to: 5),
                content: .message(
                    sequence: 3, id: MessageID(rawValue: 1), metadata: Metadata(weight: weight), payload: nil))
            #expect(frame(heavy, after: &place) == nil)
        }
    }
}
