import Gossip
import Graphs
import Runtime

/// How a peer stands on an open network.
struct LinkStanding {
    /// When to look next who is there.
    var nextLook = Time.zero
    /// Whether it has had a link.
    var isLinked = false
    /// The most others that were there at once, as far as was seen.
    var mostOthers = 0
    /// Whether the moment has come at which it was to leave.
    var isTimeUp = false
    /// When it began to leave.
    var leavingSince: Time?
}

/// Links: what a peer of an open network looks after beside what comes.
extension PeerLoop {
    private static let lookSeconds = 0.5
    /// How long a peer that leaves waits for others to have what it gave away.
    private static let leavingSeconds = 15.0

    /// A link is there.
    mutating func noteLink() {
        standing.isLinked = true
        // Who goes again before the next look was there.
        standing.mostOthers = max(standing.mostOthers, 1)
        startIfEnough()
    }

    /// Looks who is there, and whether it is time to leave.
    mutating func lookAround() {
        guard let links, !isOver, !isStepping, host.clock.now >= standing.nextLook else { return }
        standing.nextLook = host.clock.now + Self.lookSeconds
        let others = max(0, links.network.status().members.count - 1)
        host.publish { $0.ranksHere = others + 1 }
        standing.mostOthers = max(standing.mostOthers, others)
        startIfEnough()
        if let end = links.terms.endsAt, host.clock.unixSeconds >= end, !isDone {
            standing.isTimeUp = true
            if hasStarted { finish() } else { isDone = true }
        }
        settle()
    }

    /// Begins the training where the peer founds or has a link, and so many others were there as it waits for.
    private mutating func startIfEnough() {
        guard let links, !hasStarted, !isDone, links.terms.isFounder || standing.isLinked,
            standing.mostOthers >= links.terms.waitCount
        else { return }
        start()
    }

    /// On an open network nobody rests together: a peer leaves when nothing of it is under way.
    mutating func lookAtLinks() {
        guard isDone else { return }
        let since = standing.leavingSince ?? host.clock.now
        standing.leavingSince = since
        guard node.session.unacknowledgedCount == 0 || host.clock.now - since > Self.leavingSeconds else { return }
        end()
    }

    /// Tells a caller whose step comes behind the peer's leave that it was the last.
    mutating func answerLate() {
        guard hasLeft, host.seat.isWaitedFor else { return }
        host.seat.answer(.finished(tensors.takeWritten(.none)))
    }
}
