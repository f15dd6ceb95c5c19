import Graphs

/// What comes of passes where they stop, and whom it goes to.
extension LayerPasses {
    /// A pass has stopped: what it has for others goes to them.
    mutating func stopped(_ pass: Pass, at stop: PassStop, _ parts: [PayloadID], _ effects: inout Effects) {
        isComputing = false
        guard let lane = lanes.firstIndex(where: { $0.slot == pass.slot }), var flight = lanes[lane][pass.microbatch]
        else { return effects.dropPass(pass) }
        flight.isComputing = false
        flight.stops += 1
        flight.awaited = stop
        let (slot, number) = (pass.slot, pass.microbatch)
        switch stop {
        case .previous where parts.isEmpty: break
        case .previous:
            flight.awaited = nil
            send(parts[0], PartLabel(.gradient, number, from: slot, to: slot), &effects)
        case .next:
            send(parts[0], PartLabel(.activation, number, from: slot, to: slot), &effects)
        case .gather:
            flight.exchanges += 1
            let label = PartLabel(
                .share, number, from: slot, to: PartLabel.everySlot, exchange: flight.exchanges)
            shelf.keepMade(parts[0], label, &effects)
            for other in 0..<assignment.slots { post(parts[0], label.going(to: other), &effects) }
        case .scatter:
            flight.exchanges += 1
            for (other, part) in parts.enumerated() {
                let label = PartLabel(.share, number, from: slot, to: other, exchange: flight.exchanges)
                if other == slot { shelf.keepMade(part, label, &effects) } else { send(part, label, &effects) }
            }
        }
        lanes[lane][pass.microbatch] = flight
    }

    /// A pass has ended; false where it had been given up.
    mutating func ended(_ pass: Pass, _ effects: inout Effects) -> Bool {
        isComputing = false
        guard let lane = lanes.firstIndex(where: { $0.slot == pass.slot }), lanes[lane][pass.microbatch] != nil
        else { return false }
        lanes[lane][pass.microbatch] = nil
        if !isRepeatable { shelf.release(&effects) { label, _ in label.number <= pass.microbatch && label.isOfPass } }
        return true
    }

    private mutating func send(_ part: PayloadID, _ label: PartLabel, _ effects: inout Effects) {
        if isRepeatable || worker(for: label) == assignment.me { shelf.keepMade(part, label, &effects) }
        post(part, label, &effects)
    }

    /// Sends a part to whoever does the work that it is for, unless that is this peer.
    mutating func post(_ part: PayloadID, _ label: PartLabel, _ effects: inout Effects) {
        guard let worker = worker(for: label), worker != assignment.me else { return }
        let id = effects.send(.received(part), metadata: label.metadata, to: worker)
        if isRepeatable { undelivered[id] = Sent(receiver: worker, update: schedule.update(of: label.number)) }
    }

    private func worker(for label: PartLabel) -> PeerID? { assignment.worker(stage: stage(of: label), slot: label.to) }

    /// The stage that a part made here goes to.
    func stage(of label: PartLabel) -> Int {
        switch label.kind {
        case .activation: assignment.stage + 1
        case .gradient: assignment.stage - 1
        default: assignment.stage
        }
    }
}
