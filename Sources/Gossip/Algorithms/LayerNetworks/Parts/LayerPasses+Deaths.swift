import Graphs

/// What a death asks of the passes.
extension LayerPasses {
    /// A message has come.
    mutating func delivered(_ message: MessageID) { undelivered[message] = nil }

    /// Whether everything has come that this peer sent for an update, and for those before it.
    func isDelivered(through update: UInt64) -> Bool { !undelivered.values.contains { $0.update <= update } }

    /// The peer of these slots has died: sends what they need once more, to whoever does their work now.
    mutating func sendAgain(to slots: [Int], after dead: PeerID, _ effects: inout Effects) {
        let stage = assignment.stage(of: dead)
        let parts = shelf.all(made: true) { label in self.stage(of: label) == stage }
        for (label, part) in parts {
            for slot in slots where label.to == slot || label.to == PartLabel.everySlot {
                post(part, label.going(to: slot), &effects)
            }
        }
        undelivered = undelivered.filter { $0.value.receiver != dead }
        for lane in lanes where lane.isTakenUp && slots.contains(lane.slot) {
            if abs(stage - assignment.stage) == 1 { ask(lane, stage: stage, &effects) }
        }
    }

    /// Begins to do the work of these slots, from that update on or the first that somebody lacks: all from the same,
    /// and with those taken up before, for what one of them had for another was with the dead alone.
    mutating func takeUp(_ slots: [Int], from update: UInt64, _ effects: inout Effects) {
        var update = update
        while slots.allSatisfy({ shelf[StageSum.label($0, update)] != nil }) { update += 1 }
        let first = update * schedule.perUpdate
        for index in lanes.indices where lanes[index].isTakenUp && lanes[index].first > first {
            for flight in lanes[index].flights where !flight.isComputing { effects.dropPass(flight.pass) }
            lanes[index] = Lane(slot: lanes[index].slot, from: first, isTakenUp: true)
        }
        for slot in slots {
            let lane = Lane(slot: slot, from: first, isTakenUp: true)
            lanes.append(lane)
            if !assignment.isFirstStage { ask(lane, stage: assignment.stage - 1, &effects) }
            if !assignment.isLastStage { ask(lane, stage: assignment.stage + 1, &effects) }
        }
    }

    /// Tells a neighbouring stage from which microbatch on a slot's work here needs its parts.
    private func ask(_ lane: Lane, stage: Int, _ effects: inout Effects) {
        guard let worker = assignment.worker(stage: stage, slot: lane.slot) else { return }
        let waiting = stage < assignment.stage ? nil : lane.flights.first { !$0.isBackward }?.pass.microbatch
        let label = PartLabel(.wanted, waiting ?? lane.next, from: lane.slot, to: lane.slot)
        effects.send(nil, metadata: label.metadata, to: worker)
    }

    /// The slot for which a neighbouring stage needs what died with two peers: each would have had to tell the other.
    var irreplaceable: Int? {
        lanes.first { $0.isTakenUp && wanted[$0.slot, default: .max] < $0.first }?.slot
    }

    /// So many updates have been made: passes for them are not needed, nor what they waited for; and what was made
    /// here, or told of the dead, not once nobody can be so far behind.
    mutating func catchUp(_ updates: UInt64, _ effects: inout Effects) {
        let first = updates * schedule.perUpdate
        drop(&effects) { $0 < first }
        for lane in lanes.indices { lanes[lane].next = max(lanes[lane].next, first) }
        shelf.release(&effects) { [schedule] label, isMade in
            if label.kind == .contribution { return label.number + schedule.outstanding < updates }
            return label.isOfPass && label.number + (isMade ? schedule.window : 0) < first
        }
    }

    /// Gives up the passes of microbatches for which that holds.
    mutating func drop(_ effects: inout Effects, where isDropped: (UInt64) -> Bool) {
        for lane in lanes.indices {
            for flight in lanes[lane].drop(where: isDropped) where !flight.isComputing { effects.dropPass(flight.pass) }
        }
    }
}
