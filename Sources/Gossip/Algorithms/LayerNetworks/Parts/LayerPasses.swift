import Graphs

/// The passes of a peer through its stage: which of them it computes next, what it sends where they stop, and what it
/// holds of all that for others who may have to do the work again.
struct LayerPasses: Sendable, Codable {
    let schedule: PassSchedule
    /// Whether parts are held that somebody who stands in for a dead peer would need.
    let isRepeatable: Bool
    var crew: LayerCrew
    var lanes: [Lane]
    var shelf = PartShelf()
    private(set) var isComputing = false
    /// Messages under way.
    var undelivered: [MessageID: Sent] = [:]
    /// By slot, from which microbatch on those who stand in for others in the neighbouring stages need its parts.
    var wanted: [Int: UInt64] = [:]

    /// Where a part goes, and for which update it is.
    struct Sent: Sendable, Codable {
        let receiver: PeerID
        let update: UInt64
    }

    init(_ crew: LayerCrew, _ schedule: PassSchedule, isRepeatable: Bool) {
        self.crew = crew
        self.schedule = schedule
        self.isRepeatable = isRepeatable
        lanes = [Lane(slot: crew.slot)]
    }

    // MARK: What is computed next

    /// Goes on with a pass, or begins one, if any can be.
    ///
    /// - Parameters:
    ///   - updates: Updates that the model has had.
    ///   - end: The microbatch at which the run ends.
    mutating func goOn(updates: UInt64, end: UInt64, _ effects: inout Effects) {
        guard !isComputing else { return }
        let begins = lanes.indices.filter { canBegin($0, updates, end) }.min { lanes[$0].next < lanes[$1].next }
        let flights = lanes.indices.flatMap { lane in lanes[lane].movable.map { (lane: lane, flight: $0) } }
            .filter { isReady($0.flight, updates) }
            .min { rank($0.flight) < rank($1.flight) }
        if let flights, begins == nil || !schedule.prefersBeginnings {
            resume(flights.flight, lane: flights.lane, &effects)
        } else if let begins {
            effects.beginPass(lanes[begins].begin())
            isComputing = true
        }
    }

    private func rank(_ flight: Lane.Flight) -> (Int, UInt64) {
        (schedule.prefersBeginnings && flight.isBackward ? 1 : 0, flight.pass.microbatch)
    }

    private func canBegin(_ index: Int, _ updates: UInt64, _ end: UInt64) -> Bool {
        let lane = lanes[index]
        return lane.next < end && lane.next < updates * schedule.perUpdate + schedule.window
            && lane.flights.count < schedule.limit(ofStage: crew.stage)
            && (crew.isFirstStage || shelf[PartLabel(.activation, lane.next, from: lane.slot, to: lane.slot)] != nil)
            && (crew.stages > 1 || mayEnd(lane.next, updates))
    }

    private func isReady(_ flight: Lane.Flight, _ updates: UInt64) -> Bool {
        let isLast = flight.awaited == (crew.isLastStage ? .previous : .next)
        return awaited(flight).allSatisfy { shelf[$0] != nil } && (!isLast || mayEnd(flight.pass.microbatch, updates))
    }

    /// Whether a pass may go on to its gradient, with which the slot gets no further ahead of the others than it may.
    private func mayEnd(_ microbatch: UInt64, _ updates: UInt64) -> Bool {
        schedule.update(of: microbatch) < updates + schedule.outstanding
    }

    /// The labels of what a pass waits for.
    private func awaited(_ flight: Lane.Flight) -> [PartLabel] {
        let (slot, number) = (flight.pass.slot, flight.pass.microbatch)
        switch flight.awaited {
        case .previous: return [PartLabel(.activation, number, from: slot, to: slot)]
        case .next: return [PartLabel(.gradient, number, from: slot, to: slot)]
        case .gather, .scatter:
            return (0..<crew.slots).map { sender in
                let label = PartLabel(.share, number, from: sender, to: slot, exchange: flight.exchanges)
                let common = label.going(to: PartLabel.everySlot)
                return shelf[common] == nil ? label : common
            }
        case nil: return []
        }
    }

    private mutating func resume(_ flight: Lane.Flight, lane: Int, _ effects: inout Effects) {
        let labels = awaited(flight)
        effects.resumePass(flight.pass, parts: labels.compactMap { shelf[$0] })
        shelf.releaseArrived(labels, &effects)
        var flight = flight
        if flight.awaited == .next { flight.isBackward = true }
        flight.isComputing = true
        lanes[lane][flight.pass.microbatch] = flight
        isComputing = true
    }

    // MARK: What came of it

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
            for other in 0..<crew.slots { post(parts[0], label.going(to: other), &effects) }
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
        if isRepeatable || worker(for: label) == crew.me { shelf.keepMade(part, label, &effects) }
        post(part, label, &effects)
    }

    /// Sends a part to whoever does the work that it is for, unless that is this peer.
    mutating func post(_ part: PayloadID, _ label: PartLabel, _ effects: inout Effects) {
        guard let worker = worker(for: label), worker != crew.me else { return }
        let id = effects.send(.received(part), metadata: label.metadata, to: worker)
        if isRepeatable { undelivered[id] = Sent(receiver: worker, update: schedule.update(of: label.number)) }
    }

    private func worker(for label: PartLabel) -> PeerID? { crew.worker(stage: stage(of: label), slot: label.to) }

    /// The stage that a part made here goes to.
    func stage(of label: PartLabel) -> Int {
        switch label.kind {
        case .activation: crew.stage + 1
        case .gradient: crew.stage - 1
        default: crew.stage
        }
    }
}
