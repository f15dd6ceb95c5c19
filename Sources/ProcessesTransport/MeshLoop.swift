import Glibc
import Runtime
import Vectors
import Wire

/// What the network's thread does: waits for sockets, hands on what comes, beats, and finds out who is gone.
///
/// Nothing is read before somebody listens: it waits in the sockets, and in time at the senders.
final class MeshLoop {
    /// What other threads ask of it.
    struct Orders: Sendable {
        var arrivals: ProcessArrivals?
        var isEnding = false
        var isAbandoned = false
        /// What was wrong last.
        var problem: String?
    }

    private let rank: Int
    private let links: [LocalLink]
    private let shared: LocalRanks
    private let patienceMilliseconds: Int32
    private var heartbeat: Heartbeat
    private var scratch = [UInt8](repeating: 0, count: 1 << 16)
    private var arrived: [IncomingStream.Arrived] = []
    private var hasSaidShutdown = false

    /// A connection is read so often before it is the next one's turn.
    private static let turnReads = 16

    init(_ shared: LocalRanks, _ links: [LocalLink], silenceSeconds: Double) {
        (rank, self.links, self.shared) = (shared.rank, links, shared)
        heartbeat = Heartbeat(
            partners: links.map(\.rank), timeoutSeconds: silenceSeconds, now: shared.clock())
        // Often enough that a pause of this process's own is told from silence.
        patienceMilliseconds = Int32(max(1, min(1000, silenceSeconds * 125)))
    }

    /// Serves until all have taken their leave, or none is to be taken.
    func run() {
        while true {
            let orders = shared.orders
            if orders.isAbandoned {
                for link in links { link.outgoing.flush() }
                break
            }
            beat(isReading: orders.arrivals != nil || orders.isEnding)
            if orders.isEnding, sayShutdown(), links.allSatisfy(\.isDone) { break }
            look(orders)
            for rank in heartbeat.silent(now: shared.clock()) { tell(rank, orders) }
        }
        for link in links { link.outgoing.shutDown() }
    }

    private func beat(isReading: Bool) {
        let now = shared.clock()
        // Who is not listened to is not silent.
        if !isReading { for link in links { heartbeat.hear(link.rank, now: now) } }
        for rank in heartbeat.due(now: now) {
            for link in links where link.rank == rank { _ = link.outgoing.add(.heartbeat) }
        }
    }

    private func sayShutdown() -> Bool {
        guard !hasSaidShutdown else { return true }
        hasSaidShutdown = true
        for link in links { _ = link.outgoing.add(.shutdown) }
        return true
    }

    // MARK: Sockets

    private func look(_ orders: Orders) {
        let isReading = orders.arrivals != nil || orders.isEnding
        var polls = [pollfd(fd: shared.bell.descriptor, events: Int16(POLLIN), revents: 0)]
        for link in links {
            let events = (isReading ? POLLIN : 0) | (link.outgoing.isWaiting ? POLLOUT : 0)
            // The end of a connection is told whether it is asked for or not.
            let isAwaited = link.isOpen && events != 0
            polls.append(pollfd(fd: isAwaited ? link.socket.descriptor : -1, events: Int16(events), revents: 0))
        }
        guard poll(&polls, nfds_t(polls.count), patienceMilliseconds) > 0 else { return }
        if polls[0].revents != 0 { shared.bell.silence() }
        for (link, poll) in zip(links, polls.dropFirst()) where poll.revents != 0 {
            if Int32(poll.revents) & POLLOUT != 0 { link.outgoing.flush() }
            if isReading, Int32(poll.revents) & ~POLLOUT != 0 { read(link, orders) }
        }
    }

    private func read(_ link: LocalLink, _ orders: Orders) {
        for _ in 0..<Self.turnReads where link.isOpen {
            do throws(IncomingStream.Malformed) {
                let progress = try link.incoming.receive(from: link.socket, &scratch, &arrived)
                handOn(link, orders)
                switch progress {
                case .moved: heartbeat.hear(link.rank, now: shared.clock())
                case .nothingNow: return
                case .end: lose(link, orders)
                }
            } catch {
                handOn(link, orders)
                shared.note("rank \(link.rank) sent what no rank sends: \(error.reason)")
                lose(link, orders)
            }
        }
    }

    /// Hands on what has come, unless its rank counts as gone.
    private func handOn(_ link: LocalLink, _ orders: Orders) {
        for item in arrived {
            switch item {
            case .shutdown: link.hasHeardShutdown = true
            case _ where shared.isForgotten(link.rank): break
            case .frame(let frame): orders.arrivals?.frame(frame, link.rank)
            case .controlMessage(let message): orders.arrivals?.controlMessage(message, link.rank)
            case .loss(let lost): if link.rank == 0 { learn(of: lost, orders) }
            }
        }
        arrived.removeAll(keepingCapacity: true)
    }

    // MARK: Gone

    /// Rank 0 counts a rank as gone, whatever this one sees of it.
    private func learn(of rank: Int, _ orders: Orders) {
        tell(rank, orders)
        for link in links where link.rank == rank { close(link) }
    }

    /// A connection has ended.
    private func lose(_ link: LocalLink, _ orders: Orders) {
        let isExpected = link.hasHeardShutdown || shared.isForgotten(link.rank)
        close(link)
        if !isExpected { tell(link.rank, orders) }
    }

    private func close(_ link: LocalLink) {
        link.isOpen = false
        link.outgoing.shutDown()
        heartbeat.forget(link.rank)
    }

    /// Tells, once, that a rank is gone.
    private func tell(_ rank: Int, _ orders: Orders) {
        for link in links where link.rank == rank && !link.isTold {
            link.isTold = true
            if !shared.isForgotten(rank) { orders.arrivals?.timeout(rank) }
        }
    }
}
