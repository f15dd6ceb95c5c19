import Graphs

/// The exact sum of the slots' gradients: every peer of a stage sends the shares of its slots to all others, and adds
/// up all of them in the order of the slots, so that their models stay equal to the bit.
///
/// A share goes out when everything has come that its slot had sent before. So where anybody has the share of a dead
/// peer, all its other work for that update has come; and before anybody does the work of the dead again, all have
/// passed on to each other the shares of his that they had.
struct StageSum: Sendable, Codable {
    /// A slot's share for an update.
    private struct Share: Hashable, Sendable, Codable {
        let slot: Int
        let update: UInt64
    }

    /// Shares that this peer has computed: whether the others were sent them.
    private var own: [Share: Bool] = [:]
    /// By dead peer, who has passed on what he had of him.
    private var settled: [PeerID: Set<PeerID>] = [:]

    /// Where the share of a peer's lane lies: in one of two vectors by turns, so that the next can be added up while
    /// one waits.
    static func vector(lane: Int, _ update: UInt64) -> Vector { .named(UInt8(2 * lane) + UInt8(update % 2)) }
    /// Lanes for which there are vectors.
    static let laneLimit = 15

    /// A lane has computed its share.
    mutating func formed(slot: Int, _ update: UInt64) { own[Share(slot: slot, update: update)] = false }

    /// Sends out the shares that may be.
    mutating func tell(_ passes: LayerPasses, _ effects: inout Effects) {
        for (index, lane) in passes.lanes.enumerated() {
            let waiting = own.filter { $0.key.slot == lane.slot && !$0.value }.map(\.key.update).sorted()
            for update in waiting where passes.isDelivered(through: update) {
                own[Share(slot: lane.slot, update: update)] = true
                let label = Self.label(lane.slot, update)
                for other in passes.assignment.others {
                    effects.send(Self.vector(lane: index, update), metadata: label.metadata, to: other)
                }
            }
        }
    }

    /// The shares of all slots in an update, in their order; nil while one is missing.
    func terms(_ update: UInt64, _ passes: LayerPasses) -> [Term]? {
        var terms: [Term] = []
        for slot in 0..<passes.assignment.slots {
            if own[Share(slot: slot, update: update)] == true,
                let lane = passes.lanes.firstIndex(where: { $0.slot == slot })
            {
                terms.append(Term(1, Self.vector(lane: lane, update)))
            } else if let payload = passes.shelf[Self.label(slot, update)] {
                terms.append(Term(1, .received(payload)))
            } else {
                return nil
            }
        }
        return terms
    }

    static func label(_ slot: Int, _ update: UInt64) -> PartLabel {
        PartLabel(.contribution, update, from: slot, to: PartLabel.everySlot)
    }

    /// An update is made: what was computed for it is not needed any more.
    mutating func made(_ update: UInt64) { own = own.filter { $0.key.update > update } }

    // MARK: After a death

    /// A peer of the stage has died: passes on the shares of the dead that are here.
    func settle(_ dead: PeerID, _ passes: LayerPasses, _ effects: inout Effects) {
        let assignment = passes.assignment
        let shares = passes.shelf.all(made: false) { label in
            label.kind == .contribution
                && assignment.dead.contains(PeerID(assignment.stage * assignment.slots + label.from))
        }
        let word = PartLabel(.settled, UInt64(dead.rawValue), from: assignment.slot, to: PartLabel.everySlot)
        for other in assignment.others {
            for (label, payload) in shares { effects.send(.received(payload), metadata: label.metadata, to: other) }
            effects.send(nil, metadata: word.metadata, to: other)
        }
    }

    /// A peer has passed on what it had of a dead one.
    mutating func heard(_ dead: PeerID, from peer: PeerID) { settled[dead, default: []].insert(peer) }

    /// Whether all who live have passed on what they had of the dead of this stage.
    func isSettled(_ assignment: StageAssignment) -> Bool {
        assignment.deadOfStage.allSatisfy { dead in
            assignment.others.allSatisfy { settled[dead, default: []].contains($0) }
        }
    }
}
