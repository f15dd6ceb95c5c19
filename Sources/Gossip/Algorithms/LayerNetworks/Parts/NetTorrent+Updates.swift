import Configuration
import Graphs

/// From the gradients of passes to updates of the model.
extension NetTorrent {
    /// The microbatch at which the run ends.
    var end: UInt64 { stepCounter.last * passes.schedule.microbatches }

    /// Takes the gradient of a pass that has ended.
    mutating func addUp(_ pass: Pass, _ effects: inout Effects) {
        let schedule = passes.schedule
        let update = schedule.update(of: pass.microbatch)
        guard let lane = passes.lanes.firstIndex(where: { $0.slot == pass.slot }) else { return }
        let weight = Double(gossip == nil ? 1 : passes.assignment.slots) / Double(schedule.microbatches)
        let vector = StageSum.vector(lane: lane, update)
        let isFirst = pass.microbatch % schedule.perUpdate == 0
        let isLast = (pass.microbatch + 1) % schedule.perUpdate == 0
        let terms = (isFirst ? [] : [Term(1, vector)]) + [Term(weight, .gradient)]
        guard isLast, sum == nil else {
            effects.combine(into: vector, terms)
            if isLast { sum?.formed(slot: pass.slot, update) }
            return sumUp(&effects)
        }
        // The gradient of a whole batch is there already.
        if terms != [Term(1, .gradient)] { effects.combine(into: .gradient, terms) }
        effects.update()
        gossip?.send(update, passes, &effects)
        if gossip?.waits != true { endUpdate(&effects) } else { mix(&effects) }
    }

    /// Tells the others what is complete, and makes the updates for which all shares are here.
    mutating func sumUp(_ effects: inout Effects) {
        sum?.tell(passes, &effects)
        while !hasFinished, let terms = sum?.terms(updates, passes) {
            effects.combine(into: .gradient, terms)
            effects.update()
            sum?.made(updates)
            endUpdate(&effects)
        }
    }

    private mutating func mix(_ effects: inout Effects) {
        if gossip?.mix(&passes, &effects) == true { endUpdate(&effects) }
    }

    /// Counts an update, and lets go of what nobody can need any more.
    private mutating func endUpdate(_ effects: inout Effects) {
        updates += 1
        let schedule = passes.schedule
        if sum != nil { passes.catchUp(updates, &effects) }
        if updates % schedule.updatesPerStep == 0 {
            effects.endStep()
            stepCounter.advance()
        }
        finishIfDone(&effects)
    }

    mutating func finishIfDone(_ effects: inout Effects) {
        guard stepCounter.isDone, !hasFinished else { return }
        hasFinished = true
        effects.finish()
    }

    // MARK: What comes from others

    mutating func received(
        _ payload: PayloadID?, _ metadata: Metadata, from sender: PeerID, _ effects: inout Effects
    ) {
        guard let label = PartLabel(metadata) else { return }
        switch (label.kind, payload) {
        case (.settled, _):
            sum?.heard(PeerID(Int(label.number)), from: sender)
            standIn(&effects)
        case (.wanted, _):
            passes.wanted[label.to] = min(passes.wanted[label.to, default: .max], label.number)
            giveUpIfIrreplaceable(&effects)
        case (.contribution, let payload?):
            guard sum != nil, label.number + passes.schedule.outstanding >= updates else { return }
            passes.shelf.keepArrived(payload, label, &effects)
            sumUp(&effects)
        case (.model, let payload?):
            guard let gossip else { return }
            if gossip.waits {
                passes.shelf.keepArrived(payload, label, &effects)
                mix(&effects)
            } else {
                StageGossip.mix(payload, &effects)
            }
        case (_, let payload?):
            if sum == nil || label.number >= updates * passes.schedule.perUpdate {
                passes.shelf.keepArrived(payload, label, &effects)
            }
        case (_, nil): break
        }
    }

    // MARK: Deaths

    /// A peer has died: its work goes to others, who need what it was sent.
    mutating func left(_ peer: PeerID, _ effects: inout Effects) {
        guard !passes.assignment.dead.contains(peer) else { return }
        guard sum != nil else {
            if !hasFinished {
                effects.giveUp(Self.description.name, without: peer, "nobody else has its part of the network")
            }
            return
        }
        let orphaned = passes.assignment.slots(of: peer)
        let stage = passes.assignment.stage(of: peer)
        passes.assignment.left(peer)
        guard passes.assignment.worker(stage: stage, slot: 0) != nil else {
            if !hasFinished {
                effects.abandon(
                    "stage \(stage) has died whole, and its parameters with it: the last was peer \(peer); go on from "
                        + "the last checkpoint")
            }
            return
        }
        passes.sendAgain(to: orphaned, after: peer, &effects)
        if stage == passes.assignment.stage { sum?.settle(peer, passes, &effects) }
        standIn(&effects)
    }

    /// Takes up the work of the dead of this stage that is this peer's now, when the others have passed on what the
    /// dead had done.
    private mutating func standIn(_ effects: inout Effects) {
        guard let sum, !hasFinished, sum.isSettled(passes.assignment) else { return }
        let assignment = passes.assignment
        let orphaned = assignment.slots(of: assignment.me).filter { slot in !passes.lanes.contains { $0.slot == slot } }
        guard passes.lanes.count + orphaned.count <= StageSum.laneLimit else {
            return effects.abandon(
                "peer \(assignment.me) would stand in for more than \(StageSum.laneLimit - 1) others")
        }
        if !orphaned.isEmpty { passes.takeUp(orphaned, from: updates, &effects) }
        giveUpIfIrreplaceable(&effects)
        sumUp(&effects)
    }

    private func giveUpIfIrreplaceable(_ effects: inout Effects) {
        guard let slot = passes.irreplaceable, !hasFinished else { return }
        effects.abandon(
            "what slot \(slot) had computed in two neighbouring stages is lost, for both of its peers died in the same "
                + "step; go on from the last checkpoint")
    }
}
