import Conditions
import Gossip
import Randomness
import Runtime
import Vectors
import Wire

/// What becomes of frames between two peers.
extension Simulation where Learning: ~Copyable, Steps: ~Copyable {
    func transmit(_ frame: Frame) {
        let network = settings.network
        if frame.isMessage { statistics.messages += 1 }
        if network.loss > 0, random.bernoulli(network.loss) { return drop(frame) }
        guard isFaulty else { return send(frame, laterBySeconds: 0) }
        let faults = schedule.active(at: now)
        guard
            !faults.isCut(from: frame.from, to: frame.to), !happens(faults.dropProbability),
            let frame = garbled(told(frame, faults), faults)
        else { return drop(frame) }
        let isTwice = happens(faults.duplicateProbability)
        if isTwice { statistics.duplicated += 1 }
        for _ in 0..<(isTwice ? 2 : 1) {
            let isHeldBack = happens(faults.reorderProbability)
            let held = isHeldBack ? random.uniform(from: 0, to: 20 * network.latency.meanSeconds + 0.02) : 0
            send(frame, laterBySeconds: faults.delaySeconds(&random) + held)
        }
    }

    /// The frame comes to nothing.
    func drop(_ frame: Frame) {
        if frame.isMessage { statistics.dropped += 1 }
    }

    private func send(_ frame: Frame, laterBySeconds delay: Double) {
        let departure = links.departure(
            from: frame.from, to: frame.to, byteCount: frame.encodedByteCount, now: now)
        queue.insert(.frame(frame), at: departure + (settings.network.latency.seconds(&random) + delay))
    }

    private func happens(_ probability: Double) -> Bool { probability > 0 && random.bernoulli(probability) }

    /// The frame as it arrives where bits may flip on the way: nil where the receiver's checksum finds out.
    private func garbled(_ frame: Frame, _ faults: ActiveFaults) -> Frame? {
        guard happens(faults.corruptProbability) else { return frame }
        statistics.corrupted += 1
        var bytes = frame.encoded()
        for _ in 0..<(1 + random.integer(below: 4)) {
            bytes[random.integer(below: bytes.count)] ^= UInt8(1 << random.integer(below: 8))
        }
        return try? Frame(encoded: bytes)
    }

    /// The frame as its sender, who may be byzantine, sends it.
    private func told(_ frame: Frame, _ faults: ActiveFaults) -> Frame {
        guard
            let misbehaviour = faults.misbehaviour(peer: frame.from),
            case .message(let sequence, let id, let note, let payload?) = frame.content
        else { return frame }
        let lie: Payload
        switch misbehaviour {
        case .notANumber: lie = Payload([Float](repeating: .nan, count: payload.count))
        case .scale(let factor): lie = Payload(payload.array().map { Float(factor) * $0 })
        case .signFlip: lie = Payload(payload.array().map { -$0 })
        case .replay:
            let first = replayed[frame.from] ?? payload
            replayed[frame.from] = first
            lie = first.count == payload.count ? first : payload
        }
        return Frame(
            from: frame.from, to: frame.to, incarnations: frame.incarnations,
            content: .message(sequence: sequence, id: id, note: note, payload: lie))
    }
}
