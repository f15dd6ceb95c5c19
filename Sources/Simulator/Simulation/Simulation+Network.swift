import Conditions
import Gossip
import Graphs
import Randomness
import Runtime
import Vectors
import Wire

/// What becomes of frames between two peers.
extension Simulation {
    func transmit(_ frame: Frame) {
        if openNetwork != nil { return transmitOverLink(frame) }
        let network = settings.network
        if frame.isMessage { statistics.messages += 1 }
        if network.loss > 0, random.bernoulli(network.loss) { return drop(frame) }
        guard isFaulty else { return send(frame, laterBySeconds: 0) }
        let faults = schedule.active(at: now)
        guard !faults.drops(from: frame.from, to: frame.to, &random), let frame = corrupted(frame, faults)
        else { return drop(frame) }
        let copies = faults.delaysOfCopies(reorderingSeconds: 20 * network.latency.meanSeconds + 0.02, &random)
        if copies.count > 1 { statistics.duplicated += 1 }
        for seconds in copies { send(frame, laterBySeconds: seconds) }
    }

    /// The frame comes to nothing.
    func drop(_ frame: Frame) {
        if frame.isMessage { statistics.dropped += 1 }
        peers[frame.from.rawValue].tracer?.dropped(frame)
    }

    private func send(_ frame: Frame, laterBySeconds delay: Double) {
        let departure = links.departure(
            from: frame.from, to: frame.to, byteCount: frame.encodedByteCount, now: now)
        queue.insert(.frame(frame), at: departure + (settings.network.latency.seconds(&random) + delay))
    }

    private func corrupted(_ frame: Frame, _ faults: ActiveFaults) -> Frame? {
        guard faults.corrupts(&random) else { return frame }
        statistics.corrupted += 1
        return frame.corrupted(&random)
    }
}
