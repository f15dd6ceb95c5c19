package import Graphs
package import Records
package import Runtime

/// Draws up how the peers of a run stand, again and again, and what has passed between them meanwhile.
package struct Pulses {
    /// How a peer stands, as whoever carries out the run knows it. All counts are since the run began.
    package struct Standing {
        package var statistics: NodeStatistics
        package var computingSeconds: Double
        package var mass: Double?
        package var state: PulseRecord.Peer.State
        /// Seconds that it waited for messages, by their sender.
        package var waits: [PeerID: Double]

        package init(
            _ statistics: NodeStatistics, computingSeconds: Double, mass: Double?, state: PulseRecord.Peer.State,
            waits: [PeerID: Double]
        ) {
            self.statistics = statistics
            self.computingSeconds = computingSeconds
            self.mass = mass
            self.state = state
            self.waits = waits
        }
    }

    private let learners: Int
    private let showsPairs: Bool
    private var last: (time: Double, peers: [Standing])?

    /// Nothing yet, of a run of so many learners.
    ///
    /// - Parameter showsPairs: Whether those to whom peers send are peers of the record.
    package init(learners: Int, showsPairs: Bool = true) {
        self.learners = learners
        self.showsPairs = showsPairs
    }

    /// Whether a record is due by the time of training: each second at first, in long runs each hundredth of the time
    /// so far, and each ten seconds at the least.
    package func isDue(at time: Double) -> Bool {
        guard let last else { return true }
        return time - last.time >= min(10, max(1, 0.01 * time))
    }

    /// The record of what is known now; nil the first time, when there is nothing to compare with.
    package mutating func record(
        _ peers: [Standing], time: Double, stepsTotal: Int, dropped: Int
    ) -> PulseRecord? {
        defer { last = (time, peers) }
        guard let last, last.peers.count == peers.count else { return nil }
        let isShown = peers.count <= PeerSummary.pairLimit
        let learning = peers.prefix(learners)
        return PulseRecord(
            step: Int(learning.map(\.statistics.steps).max() ?? 0), time: time, since: last.time,
            samples: learning.map(\.statistics.samples).reduce(0, +),
            steps: PulseRecord.Progress(
                done: Int(learning.map(\.statistics.steps).reduce(0, +)), total: stepsTotal),
            dropped: dropped,
            peers: isShown
                ? peers.map {
                    // What the dead held is lost, or with others.
                    PulseRecord.Peer(
                        steps: Int($0.statistics.steps), computingSeconds: $0.computingSeconds,
                        mass: $0.state == .dead ? nil : $0.mass, state: $0.state)
                } : [],
            messages: isShown && showsPairs ? Self.messages(last.peers, peers) : [],
            waits: isShown && showsPairs ? Self.waits(last.peers, peers) : [])
    }

    private static func messages(_ before: [Standing], _ now: [Standing]) -> [PulseRecord.Pair] {
        var pairs: [PulseRecord.Pair] = []
        for (peer, (before, now)) in zip(before, now).enumerated() {
            for (other, sent) in zip(now.statistics.sent.keys, now.statistics.sent.values) {
                let count = sent.messages - (before.statistics.sent[other]?.messages ?? 0)
                if count > 0 { pairs.append(PulseRecord.Pair(from: peer, to: other.rawValue, count: count)) }
            }
        }
        let loudest = pairs.sorted { (-$0.count, $0.from, $0.to) < (-$1.count, $1.from, $1.to) }
        return loudest.prefix(PulseRecord.pairLimit).sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    private static func waits(_ before: [Standing], _ now: [Standing]) -> [PulseRecord.Wait] {
        var waits: [PulseRecord.Wait] = []
        for (peer, (before, now)) in zip(before, now).enumerated() {
            for (other, seconds) in now.waits {
                let waited = seconds - (before.waits[other] ?? 0)
                if waited > 0 {
                    waits.append(PulseRecord.Wait(peer: peer, awaited: other.rawValue, seconds: waited))
                }
            }
        }
        let longest = waits.sorted { (-$0.seconds, $0.peer, $0.awaited) < (-$1.seconds, $1.peer, $1.awaited) }
        return longest.prefix(PulseRecord.pairLimit).sorted { ($0.peer, $0.awaited) < ($1.peer, $1.awaited) }
    }
}
