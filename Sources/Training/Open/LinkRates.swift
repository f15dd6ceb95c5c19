import Gossip
import Runs
import Runtime

/// How much goes over the links in a second, looked at again and again.
struct LinkRates {
    /// Shorter stretches tell of single messages.
    private static let leastSeconds = 1.0

    private var last: (time: Time, sent: Int, received: Int)?
    private var megabits = (sent: 0.0, received: 0.0)

    /// How things stand, with the rates over the last second or somewhat more.
    mutating func progress(_ status: LinkStatus, at now: Time) -> TrainingProgress.Links {
        if let last {
            let seconds = now.seconds - last.time.seconds
            if seconds >= Self.leastSeconds {
                let bits = 8e-6 / seconds
                megabits = (
                    Double(status.bytesSent - last.sent) * bits, Double(status.bytesReceived - last.received) * bits
                )
                self.last = (now, status.bytesSent, status.bytesReceived)
            }
        } else {
            last = (now, status.bytesSent, status.bytesReceived)
        }
        return TrainingProgress.Links(
            peers: status.members.count, links: status.links.count, megabitsSent: megabits.sent,
            megabitsReceived: megabits.received)
    }
}
