public import Graphs
public import Runtime
import Synchronization

/// An open network of two peers within this process, each of which sees the other at place 1.
public final class TestLinks: LinkNetwork {
    private struct State {
        var arrivals: LinkArrivals?
        var greeting: LinkSession.Greeting?
        var isUp = false
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let peer: String
    private let other = Mutex<TestLinks?>(nil)
    /// Both ends' events happen one after the other.
    private let order: Order

    final class Order: Sendable {
        private let mutex = Mutex(())
        func run(_ body: () -> Void) { mutex.withLock { _ in body() } }
    }

    private init(_ peer: String, _ order: Order) {
        self.peer = peer
        self.order = order
    }

    /// Two ends; a link comes about once both have begun.
    public static func pair() -> (TestLinks, TestLinks) {
        let order = Order()
        let (a, b) = (TestLinks("a", order), TestLinks("b", order))
        a.other.withLock { $0 = b }
        b.other.withLock { $0 = a }
        return (a, b)
    }

    /// One end that nobody is at the other end of.
    public static func alone() -> TestLinks { TestLinks("a", Order()) }

    private var partner: TestLinks? { other.withLock { $0 } }
    private var arrivals: LinkArrivals? { state.withLock { $0.hasEnded ? nil : $0.arrivals } }

    public func begin(_ arrivals: LinkArrivals) {
        order.run {
            state.withLock { $0.arrivals = arrivals }
            guard let theirs = partner?.arrivals else { return }
            for told in [arrivals, theirs] { told.inbound(.greetingWanted(1, connection: 1)) }
        }
    }

    public func greet(_ place: PeerID, connection: UInt64, with greeting: LinkSession.Greeting) {
        order.run {
            state.withLock { $0.greeting = greeting }
            guard let partner, let theirs = partner.state.withLock({ $0.greeting }) else { return }
            for end in [self, partner] { end.state.withLock { $0.isUp = true } }
            for (end, other) in [(self, partner), (partner, self)] {
                end.arrivals?.notice(.joined(through: other.peer, seconds: 0.25, peers: 2))
            }
            arrivals?.inbound(.linkUp(1, theirs))
            partner.arrivals?.inbound(.linkUp(1, greeting))
        }
    }

    public func send(_ frame: Frame) {
        order.run {
            guard state.withLock({ $0.isUp }) else { return }
            partner?.arrivals?.inbound(
                .frame(Frame(from: 1, to: 0, incarnations: frame.incarnations, content: frame.content)))
        }
    }

    public func status() -> LinkStatus {
        var status = LinkStatus(group: "lab", peer: peer)
        let isUp = state.withLock { $0.isUp }
        status.members = (isUp ? ["a", "b"] : [peer]).map {
            LinkStatus.Member(peer: $0, standing: "alive", addresses: [])
        }
        if isUp { status.links = [LinkStatus.Link(place: 1, peer: "other", address: "here", isDialed: true)] }
        return status
    }

    public func end(isFinished: Bool) {
        order.run {
            let wasUp = state.withLock { state in
                defer { (state.hasEnded, state.isUp) = (true, false) }
                return state.isUp
            }
            guard wasUp, let partner else { return }
            partner.state.withLock { $0.isUp = false }
            partner.arrivals?.inbound(.linkDown(1))
            partner.arrivals?.inbound(.doubtOver(1))
        }
    }

    /// Tells this end something.
    public func tell(_ notice: LinkNotice) { arrivals?.notice(notice) }
}
