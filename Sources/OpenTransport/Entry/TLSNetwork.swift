import Dispatch
import Graphs
import Runtime
import Synchronization

/// The engine's events as those of a run, and the run's calls as the engine's.
final class TLSNetwork: LinkNetwork {
    private let engine: OpenEngine
    /// Holds the right to be the peer.
    private let lock: IdentityLock
    private let group: StoredGroup
    private let advertised: [String]
    private let desk: Desk
    /// Whether nothing more is looked for. Held while somebody looks: at the end of the process OpenSSL reads no list.
    private let isOver = Mutex(false)

    /// Where events wait until the run begins, and what is known by them.
    private final class Desk: Sendable {
        struct State {
            var arrivals: LinkArrivals?
            var waiting: [OpenEvent] = []
            var reachability: (isReached: Bool, address: String?)?
        }

        let state = Mutex(State())
        let group: StoredGroup

        init(_ group: StoredGroup) { self.group = group }

        /// In their order, also while the run begins.
        func take(_ event: OpenEvent) {
            state.withLock { state in
                if case .notice(.reachability(let isReached, let address)) = event, address?.isLoopback != true {
                    state.reachability = (isReached, address.map { "\($0)" })
                }
                guard let arrivals = state.arrivals else {
                    state.waiting.append(event)
                    return
                }
                hand(event, to: arrivals)
            }
        }

        func begin(_ arrivals: LinkArrivals) {
            state.withLock { state in
                state.arrivals = arrivals
                for event in state.waiting { hand(event, to: arrivals) }
                state.waiting = []
            }
        }

        private func hand(_ event: OpenEvent, to arrivals: LinkArrivals) {
            switch event {
            case .greetingWanted(let place, let connection):
                arrivals.inbound(.greetingWanted(place, connection: connection))
            case .opened(let place, let greeting, _): arrivals.inbound(.linkUp(place, greeting))
            case .frame(let frame): arrivals.inbound(.frame(frame))
            case .closed(let place, _): arrivals.inbound(.linkDown(place))
            case .doubtOver(let place): arrivals.inbound(.doubtOver(place))
            case .forgotten(let place): arrivals.inbound(.forgotten(place))
            case .experiment: break
            case .revoked(let list):
                do {
                    try group.keep(list)
                    arrivals.notice(.remark("the group has revoked keys; \(group.name) knows of them from now on"))
                } catch {
                    arrivals.notice(.remark("the group has revoked keys, which cannot be kept: \(error)"))
                }
            case .notice(let notice): if let told = notice.told { arrivals.notice(told) }
            }
        }
    }

    init(_ member: TLSMember, _ settings: OpenSettings, _ identity: OpenIdentity, _ run: LinkRun) throws {
        lock = member.lock
        group = member.group
        advertised = settings.advertised.map { "\($0)" }
        let desk = Desk(member.group)
        self.desk = desk
        engine = try OpenEngine(
            settings, identity, run, clock: member.clock, seed: member.terms.key
        ) { desk.take($0) }
        watchRevocations()
    }

    /// Between two looks at the list of revocations, to which `murmur group revoke` adds beside the run.
    private static let lookSeconds = 2.0

    private func watchRevocations() {
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + Self.lookSeconds) { [weak self] in
            guard let self, lookForRevocations() else { return }
            watchRevocations()
        }
    }

    /// Whether to look again.
    private func lookForRevocations() -> Bool {
        isOver.withLock { isOver in
            // What cannot be read now may be the next time.
            if !isOver, let list = try? group.writtenRevocations() { engine.revoke(list) }
            return !isOver
        }
    }

    func begin(_ arrivals: LinkArrivals) { desk.begin(arrivals) }

    func greet(_ place: PeerID, connection: UInt64, with greeting: LinkSession.Greeting) {
        engine.greet(place, connection: connection, greeting)
    }

    func send(_ frame: Frame) { engine.send(frame) }

    func status() -> LinkStatus {
        let known = engine.status()
        let reachability = desk.state.withLock { $0.reachability }
        var status = LinkStatus(group: group.name, peer: "\(engine.id)")
        let told = advertised.isEmpty ? reachability?.address.map { [$0] } : advertised
        status.addresses = told ?? engine.addresses.map { "\($0)" }
        status.isReachable = reachability?.isReached
        status.members = known.members.map {
            LinkStatus.Member(peer: "\($0.id)", standing: $0.standing, addresses: $0.addresses)
        }
        status.links = known.links.map { link in
            var shown = LinkStatus.Link(
                place: link.place.rawValue, peer: "\(link.peer.id)", address: link.peer.address,
                isDialed: link.isDialed, seconds: link.seconds)
            (shown.bytesSent, shown.bytesReceived) = (link.sentByteCount, link.receivedByteCount)
            return shown
        }
        (status.bytesSent, status.bytesReceived) = (known.sentByteCount, known.receivedByteCount)
        return status
    }

    func end(isFinished: Bool) {
        isOver.withLock { $0 = true }
        engine.stop(isFinished: isFinished)
    }
}
