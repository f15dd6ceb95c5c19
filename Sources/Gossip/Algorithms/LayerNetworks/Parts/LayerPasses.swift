import Graphs

/// The passes of a peer through its stage: which of them it computes next, what it sends where they stop, and what it
/// holds of all that for others who may have to do the work again.
struct LayerPasses: Sendable, Codable {
    let schedule: PassSchedule
    /// Whether parts are held that somebody who stands in for a dead peer would need.
    let isRepeatable: Bool
    var assignment: StageAssignment
    var lanes: [Lane]
    var shelf = PartShelf()
    var isComputing = false
    /// Messages under way.
    var undelivered: [MessageID: Sent] = [:]
    /// By slot, from which microbatch on those who stand in for others in the neighbouring stages need its parts.
    var wanted: [Int: UInt64] = [:]

    /// Where a part goes, and for which update it is.
    struct Sent: Sendable, Codable {
        let receiver: PeerID
        let update: UInt64
    }

    init(_ assignment: StageAssignment, _ schedule: PassSchedule, isRepeatable: Bool) {
        self.assignment = assignment
        self.schedule = schedule
        self.isRepeatable = isRepeatable
        lanes = [Lane(slot: assignment.slot)]
    }

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
            && lane.flights.count < schedule.limit(ofStage: assignment.stage)
            && (assignment.isFirstStage
                || shelf[PartLabel(.activation, lane.next, from: lane.slot, to: lane.slot)] != nil)
            && (assignment.stages > 1 || mayEnd(lane.next, updates))
    }

    private func isReady(_ flight: Lane.Flight, _ updates: UInt64) -> Bool {
        let isLast = flight.awaited == (assignment.isLastStage ? .previous : .next)
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
            return (0..<assignment.slots).map { sender in
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
}
