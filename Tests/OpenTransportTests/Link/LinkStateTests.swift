import Randomness
import Testing

@testable import OpenTransport

@Suite struct LinkStateTests {
    private let second = LinkLimits.second

    private func shutdown(_ reason: ShutdownReason) -> LinkEffect {
        .send(Item(number: 0, content: .shutdown(reason)))
    }

    @Test func theGreetingGoesOutBeforeAnythingIsHandled() {
        var link = LinkState(now: 0)
        let (ours, theirs) = (SmallLink.hello { $0.protocols = 1...1 }, SmallLink.hello())
        #expect(link.handle(.secured(ours), now: 0) == [.send(Item(number: 0, content: .hello(ours)))])
        #expect(link.phase == .greeting)
        #expect(link.handle(SmallLink.item(.hello(theirs)), now: 1) == [.open(theirs, protocol: 1)])
        #expect(link.phase == .open && link.nextDeadline == nil)
    }

    @Test func whatDoesNotFitIsRefusedByItsReason() {
        let changes: [((inout Hello) -> Void, Refusal)] = [
            ({ $0.protocols = 3...9 }, .otherProtocol), ({ $0.experiment = 9 }, .otherExperiment),
            ({ $0.layout = 9 }, .otherExperiment), ({ $0.parameterCount = 9 }, .otherExperiment),
            ({ $0.encodings = 8 }, .otherEncoding),
        ]
        for (change, refusal) in changes {
            var link = LinkState(now: 0)
            _ = link.handle(.secured(SmallLink.hello()), now: 0)
            let effects = link.handle(SmallLink.item(.hello(SmallLink.hello(change))), now: 0)
            let notice = RefusalNotice(code: refusal.rawValue, sentence: refusal.description, cards: [])
            #expect(effects == [.send(Item(number: 0, content: .refusal(notice))), .close(.refused(notice))])
            #expect(link.phase == .gone)
        }
    }

    @Test func aRefusalOfTheOthersEndsTheLink() {
        let notice = RefusalNotice(code: 23, sentence: "full", cards: [[1]])
        var link = LinkState(now: 0)
        _ = link.handle(.secured(SmallLink.hello()), now: 0)
        #expect(link.handle(SmallLink.item(.refusal(notice)), now: 0) == [.close(.refusedByPeer(notice))])
        var full = LinkState(now: 0)
        _ = full.handle(.secured(SmallLink.hello()), now: 0)
        let effects = full.handle(.refused(notice), now: 0)
        #expect(effects == [.send(Item(number: 0, content: .refusal(notice))), .close(.refused(notice))])
    }

    @Test func everyPhaseHasItsTime() {
        var link = LinkState(now: 5)
        #expect(link.nextDeadline == 5 + 10 * second)
        #expect(link.handle(.tick, now: 4 + 10 * second) == [])
        #expect(link.handle(.tick, now: 5 + 10 * second) == [.close(.late)])
        #expect(link.handle(.tick, now: 99 * second) == [] && link.nextDeadline == nil)

        var silent = LinkState(now: 0)
        _ = silent.handle(.secured(SmallLink.hello()), now: second)
        #expect(silent.nextDeadline == 6 * second)
        #expect(silent.handle(.tick, now: 6 * second) == [.close(.late)])

        var closing = SmallLink.open()
        #expect(closing.handle(.ended(.spare), now: second) == [shutdown(.spare)])
        #expect(closing.handle(.tick, now: 5 * second) == [])
        #expect(closing.handle(.tick, now: 6 * second) == [.close(.ended(.spare))])
    }

    @Test func shutdownsAreAnswered() {
        var (one, other) = (SmallLink.open(), SmallLink.open())
        #expect(one.handle(.ended(.leaving), now: 0) == [shutdown(.leaving)])
        let answer = other.handle(SmallLink.item(.shutdown(.leaving)), now: 0)
        #expect(answer == [shutdown(.leaving), .close(.endedByPeer(.leaving))])
        #expect(one.handle(SmallLink.item(.shutdown(.leaving)), now: 0) == [.close(.ended(.leaving))])
        // Both at once.
        var (a, b) = (SmallLink.open(), SmallLink.open())
        _ = (a.handle(.ended(.spare), now: 0), b.handle(.ended(.finished), now: 0))
        #expect(a.handle(SmallLink.item(.shutdown(.finished)), now: 0) == [.close(.ended(.spare))])
        #expect(b.handle(SmallLink.item(.shutdown(.spare)), now: 0) == [.close(.ended(.finished))])
    }

    @Test func aBrokenConnectionEndsTheLinkAtOnce() {
        var link = SmallLink.open()
        #expect(link.handle(.disconnected, now: 0) == [.close(.broken)])
        var closing = SmallLink.open()
        _ = closing.handle(.ended(.spare), now: 0)
        #expect(closing.handle(.disconnected, now: 0) == [.close(.ended(.spare))])
    }

    @Test func framesWithoutAPayloadAreDelivered() {
        var link = SmallLink.open()
        #expect(
            link.handle(SmallLink.item(.frame(SmallLink.empty), 1), now: 0) == [.deliver(frame: 1, SmallLink.empty)])
    }

    @Test func aPayloadComesOnceItMay() {
        var (sender, receiver) = (SmallLink.open(), SmallLink.open())
        let opening = Item(number: 1, content: .frame(SmallLink.model))
        #expect(sender.handle(.offered(frame: 1, SmallLink.model), now: 0) == [.send(opening)])
        #expect(receiver.handle(.received(opening), now: 0) == [.admit(frame: 1, SmallLink.model)])
        let go = Item(number: 1, content: .go)
        #expect(receiver.handle(.granted(frame: 1), now: 0) == [.send(go)])
        #expect(sender.handle(.received(go), now: 0) == [.sendPayload(frame: 1)])
        let (first, last) = ([UInt8](repeating: 1, count: 300), [UInt8](repeating: 2, count: 100))
        #expect(receiver.handle(SmallLink.item(.chunk(first), 1), now: 0) == [.take(frame: 1, first, isLast: false)])
        #expect(receiver.handle(SmallLink.item(.chunk(last), 1), now: 0) == [.take(frame: 1, last, isLast: true)])
        #expect(receiver.nextDeadline == nil)
    }

    @Test func aPayloadMayLieWhereItBelongsAlready() {
        var link = SmallLink.open()
        _ = link.handle(SmallLink.item(.frame(SmallLink.model), 1), now: 0)
        #expect(!link.incoming.admits(1, of: 1))
        _ = link.handle(.granted(frame: 1), now: 0)
        #expect(
            link.incoming.admits(400, of: 1) && !link.incoming.admits(401, of: 1) && !link.incoming.admits(1, of: 2))
        let first = link.handle(.receivedPart(frame: 1, byteCount: 300), now: 0)
        #expect(first == [.took(frame: 1, byteCount: 300, isLast: false)])
        #expect(link.handle(SmallLink.item(.chunk([1]), 1), now: 0) == [.take(frame: 1, [1], isLast: false)])
        #expect(!link.incoming.admits(100, of: 1))
        let last = link.handle(.receivedPart(frame: 1, byteCount: 99), now: 0)
        #expect(last == [.took(frame: 1, byteCount: 99, isLast: true)])
        #expect(link.handle(.receivedPart(frame: 1, byteCount: 1), now: 0).first == .breach(.strayChunk))
        #expect(link.handle(.receivedPart(frame: 1, byteCount: 1), now: 0) == [])
    }

    @Test func pingsAndTheLikeArePassedOn() {
        var link = SmallLink.open()
        for content: Item.Content in [
            .ping(Ping(degree: 1, digest: 2, records: [])), .sync(.wanted, [1]), .experiment(""),
            .dialBack(.asked(port: 1)),
        ] {
            let item = Item(number: 7, content: content)
            #expect(link.handle(.received(item), now: 0) == [.pass(item)])
        }
    }

    /// What is not kept to ends the link, whatever it is.
    @Test func breachesEndTheLink() {
        func breach(_ events: [LinkEvent], from start: LinkState = SmallLink.open()) -> Breach? {
            var link = start
            let effects = events.flatMap { link.handle($0, now: 0) }
            for case .breach(let breach) in effects {
                #expect(effects.last == shutdown(.breach) || link.phase == .gone)
                return breach
            }
            return nil
        }
        let model = SmallLink.model
        func frame(_ number: UInt64, _ change: (inout FrameOpening) -> Void = { _ in }) -> LinkEvent {
            var opening = model
            change(&opening)
            return SmallLink.item(.frame(opening), number)
        }
        let chunk = SmallLink.item(.chunk([1]), 1)
        #expect(breach([.malformed(.header)]) == .malformed(.header))
        #expect(breach([SmallLink.item(.hello(SmallLink.hello()))]) == .outOfPlace)
        #expect(breach([SmallLink.item(.go, 1)]) == .outOfPlace)
        #expect(breach([chunk]) == .strayChunk)
        #expect(breach([frame(1), chunk]) == .strayChunk)
        #expect(
            breach([frame(1), .granted(frame: 1), SmallLink.item(.chunk(Array(repeating: 1, count: 401)), 1)])
                == .strayChunk)
        #expect(breach([frame(1), frame(2), frame(3)]) == .tooManyPayloads)
        #expect(breach([frame(1), frame(1)]) == .frameNumber && breach([frame(2)]) == .frameNumber)
        #expect(breach([frame(1) { $0.payloadByteCount = 200 }]) == .payloadSize(byteCount: 200))
        #expect(breach([frame(1) { $0.payloadByteCount = .max }]) == .payloadSize(byteCount: .max))
        #expect(breach([frame(1) { ($0.encoding, $0.payloadByteCount) = (.bf16, 200) }]) == nil)
        var start = LinkState(now: 0)
        _ = start.handle(.secured(SmallLink.hello()), now: 0)
        #expect(breach([SmallLink.item(.go)], from: start) == .outOfPlace)
        #expect(breach([SmallLink.item(.go)], from: LinkState(now: 0)) == .outOfPlace)
        let fp32 = SmallLink.hello { $0.encodings = PayloadEncoding.fp32.bit }
        var plain = LinkState(now: 0)
        _ = plain.handle(.secured(fp32), now: 0)
        _ = plain.handle(SmallLink.item(.hello(SmallLink.hello())), now: 0)
        #expect(breach([frame(1) { ($0.encoding, $0.payloadByteCount) = (.bf16, 200) }], from: plain) == .encoding)
    }

    @Test func aFloodOfItemsEndsTheLink() {
        func count(until most: Int, every step: Int64, _ content: Item.Content) -> Int {
            var link = SmallLink.open()
            for number in 0..<most {
                let effects = link.handle(SmallLink.item(content), now: Int64(number) * step)
                if effects.contains(.breach(.flood)) { return number }
            }
            return most
        }
        let ping = Item.Content.ping(Ping(degree: 1, digest: 2, records: []))
        #expect(count(until: 2000, every: 0, ping) == 500)
        #expect(count(until: 2000, every: second / 50, ping) == 2000)
        #expect(count(until: 2000, every: second / 100, ping) < 1100)
        let large = Item.Content.sync(.records, Array(repeating: 1, count: 65_000))
        #expect(count(until: 100, every: 0, large) == 16)
        #expect(count(until: 100, every: second, large) == 100)
    }

    @Test func aPayloadThatCrawlsEndsTheLink() {
        let hello = SmallLink.hello { $0.parameterCount = 1_000_000 }
        let opening = FrameOpening(encoding: .fp32, payloadByteCount: 4_000_000, header: SmallLink.model.header)
        func seconds(chunk: Int) -> Int64? {
            var link = LinkState(now: 0)
            _ = link.handle(.secured(hello), now: 0)
            _ = link.handle(SmallLink.item(.hello(hello)), now: 0)
            _ = link.handle(SmallLink.item(.frame(opening), 1), now: 0)
            // As long as it may not come, nothing is too slow.
            #expect(link.handle(.tick, now: 1000 * second) == [])
            _ = link.handle(.granted(frame: 1), now: 1000 * second)
            var rest = 4_000_000
            for time in 1001..<2000 where rest > 0 {
                let bytes = [UInt8](repeating: 1, count: min(chunk, rest))
                rest -= bytes.count
                _ = link.handle(SmallLink.item(.chunk(bytes), 1), now: Int64(time) * second)
                if link.handle(.tick, now: Int64(time) * second).contains(.breach(.slow)) { return Int64(time) - 1000 }
            }
            return nil
        }
        #expect(seconds(chunk: 16_000) == 60)
        #expect(seconds(chunk: 16_500) == nil)
    }

    /// Whatever comes, a link ends once at the most, and asks for nothing afterwards.
    @Test func anyEventsInAnyOrder() {
        var random = RandomStream(seed: 3, purpose: .test)
        let samples =
            Item.samples + [1, 2, 3].map { Item(number: $0, content: .frame(SmallLink.model)) }
            + [1, 2].map { Item(number: $0, content: .chunk([1])) } + [1, 2].map { Item(number: $0, content: .go) }
        for _ in 0..<3000 {
            var link = LinkState(now: 0)
            var (now, endCount, isSecured) = (Int64(0), 0, false)
            var waiting: [UInt64] = []
            var nextFrame: UInt64 = 1
            for _ in 0..<40 {
                now += Int64(random.integer(below: 3)) * second
                let event: LinkEvent
                switch random.integer(below: 12) {
                case 0...1 where !isSecured && link.phase == .securing:
                    (event, isSecured) = (.secured(SmallLink.hello()), true)
                case 2 where link.phase == .greeting: event = SmallLink.item(.hello(SmallLink.hello()))
                case 3: event = .tick
                case 4 where random.bernoulli(0.1): event = .ended(.spare)
                case 5 where random.bernoulli(0.1): event = .disconnected
                case 6:
                    event = .offered(frame: nextFrame, SmallLink.model)
                    nextFrame += 1
                case 7 where !waiting.isEmpty && link.phase == .open: event = .granted(frame: waiting.removeFirst())
                default: event = .received(samples[random.integer(below: samples.count)])
                }
                let wasGone = link.phase == .gone
                let effects = link.handle(event, now: now)
                for case .admit(let frame, _) in effects { waiting.append(frame) }
                endCount += effects.count { if case .close = $0 { true } else { false } }
                #expect(!wasGone || effects.isEmpty)
                #expect((link.phase == .gone) == (endCount == 1) && endCount <= 1)
            }
        }
    }
}
