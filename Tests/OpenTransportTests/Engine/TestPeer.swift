import Dispatch
import Foundation
import Gossip
import Graphs
import Runtime
import Synchronization
import Testing
import Vectors

@testable import OpenTransport

/// An engine with the least of a node behind it: a session, which notes what comes and what becomes of what it sends.
final class TestPeer: Sendable {
    /// What has happened so far.
    struct Log {
        var session = Session(me: 0, retransmissionSeconds: nil, isByLinks: true)
        /// Who is linked, by place.
        var links: [PeerID: LinkPeer] = [:]
        var received: [(from: KeyID, values: [Float]?)] = []
        var closed: [String] = []
        var notices: [OpenNotice] = []
        var experiments: [String] = []
        var revocations: [RevocationList] = []
        var openCount = 0
        var receivedCount = 0
        var keeps = true
        var isPaused = false
        var deliveredCount = 0
        var returnedCount = 0
        var doubtsOver = 0
        var messageCount: UInt64 = 0
        /// What is still to be sent.
        var waiting: [(values: [Float]?, to: KeyID)] = []

        var linked: Set<KeyID> { Set(links.values.map(\.id)) }
    }

    private struct Content {
        var engine: OpenEngine?
        var log = Log()
    }

    private let content = Mutex(Content())
    private let changed = NSCondition()
    private let queue: DispatchQueue
    let id: KeyID
    let port: UInt16

    /// A member that listens at a free port of this machine.
    init(
        _ identity: OpenIdentity, _ run: LinkRun? = TestPeer.run(), seeds: [UInt16] = [],
        clock: TestClock = TestClock(),
        limits: EngineLimits = EngineLimits(), change: (inout OpenSettings) -> Void = { _ in }
    ) throws {
        var settings = OpenSettings(listen: Seed(listening: "127.0.0.1:0"))
        settings.seeds = seeds.compactMap { Seed("127.0.0.1:\($0)") }
        change(&settings)
        let queue = DispatchQueue(label: "node")
        self.queue = queue
        // Whoever hears it first waits until all is there.
        queue.suspend()
        defer { queue.resume() }
        let box = Box()
        let engine = try OpenEngine(
            settings, identity, run, clock: clock.open, seed: UInt64(identity.key.seed[0]), limits: limits
        ) { event in queue.async { box.peer.withLock { $0.value }?.handle(event) } }
        id = engine.id
        port = engine.port ?? 0
        content.withLock { $0.engine = engine }
        box.peer.withLock { $0.value = self }
    }

    private final class Box: Sendable {
        struct Reference { weak var value: TestPeer? }
        let peer = Mutex(Reference())
    }

    static func run(experiment: UInt64 = 7, parameterCount: Int = 250) -> LinkRun {
        LinkRun(fingerprint: experiment, text: "model: tiny\n", parameterCount: parameterCount, layout: 3)
    }

    private var engine: OpenEngine? { content.withLock { $0.engine } }

    // MARK: The node

    private func handle(_ event: OpenEvent) {
        guard let engine, !log.isPaused else { return }
        content.withLock { content in
            switch event {
            case .greetingWanted(let place, let connection):
                engine.greet(place, connection: connection, content.log.session.greeting(for: place))
            case .opened(let place, let greeting, let peer):
                carryOut(content.log.session.open(place, greeting), &content.log, engine)
                content.log.links[place] = peer
                content.log.openCount += 1
            case .frame(let frame): carryOut(content.log.session.receive(frame), &content.log, engine)
            case .closed(let place, let reason):
                content.log.session.suspend(place)
                content.log.links[place] = nil
                content.log.closed.append(reason)
            case .doubtOver(let place):
                carryOut(content.log.session.giveUp(place), &content.log, engine)
                content.log.doubtsOver += 1
            case .forgotten: break
            case .experiment(let text, _): content.log.experiments.append(text)
            case .revoked(let list): content.log.revocations.append(list)
            case .notice(let notice): content.log.notices.append(notice)
            }
            sendWaiting(&content.log, engine)
        }
        changed.withLock { changed.broadcast() }
    }

    private func carryOut(_ outputs: [Session.Output], _ log: inout Log, _ engine: OpenEngine) {
        for output in outputs {
            switch output {
            case .transmit(let frame): engine.send(frame)
            case .received(_, let payload, let from):
                guard let peer = log.links[from] else { continue }
                log.receivedCount += 1
                if log.keeps { log.received.append((peer.id, payload?.array())) }
            case .receivedPart: break
            case .delivered: log.deliveredCount += 1
            case .returned: log.returnedCount += 1
            }
        }
    }

    /// Sends a message to a member, as soon as it is linked and few are on their way.
    func send(_ values: [Float]?, to member: KeyID) {
        queue.async { [self] in
            guard let engine else { return }
            content.withLock { content in
                content.log.waiting.append((values, member))
                sendWaiting(&content.log, engine)
            }
        }
    }

    private func sendWaiting(_ log: inout Log, _ engine: OpenEngine) {
        while let (values, member) = log.waiting.first, log.session.unacknowledgedCount < 8,
            let place = log.links.first(where: { $0.value.id == member })?.key
        {
            log.waiting.removeFirst()
            log.messageCount += 1
            let payload = values.map { Payload($0) }
            let outputs = log.session.send(
                payload, metadata: Metadata(weight: 0.5), to: place, id: MessageID(rawValue: log.messageCount),
                now: .zero)
            carryOut(outputs, &log, engine)
        }
    }

    // MARK: Watching

    /// Waits until something holds; false where it does not within a generous time.
    func waits(_ condition: (Log) -> Bool) -> Bool {
        let end = Date(timeIntervalSinceNow: 120)
        changed.lock()
        defer { changed.unlock() }
        while !condition(log) {
            // Now and then also without an event, for a condition may ask the engine itself.
            if !changed.wait(until: Date(timeIntervalSinceNow: 0.25)), Date(timeIntervalSinceNow: 0) > end {
                return false
            }
        }
        return true
    }

    var log: Log { content.withLock { $0.log } }

    func status() -> OpenStatus { engine?.status() ?? OpenStatus() }

    /// From now on its node does nothing any more.
    func pause() { content.withLock { $0.log.isPaused = true } }

    func revoke(_ list: RevocationList) { engine?.revoke(list) }

    func stop(isFinished: Bool = false) { engine?.stop(isFinished: isFinished) }

    /// Ends it as a killed process ends: without a word.
    func kill() { content.withLock { $0.engine = nil } }
}
