import Graphs

/// Gossip between the slots of a stage: after update u slot j sends its model to slot j + 2^(u mod log2 m), the
/// exponential graph one peer at a time, and takes the mean with what comes from slot j - 2^(u mod log2 m).
///
/// Where the schedule is synchronous it waits for that model; else it takes the mean with every model as it comes.
struct StageGossip: Sendable, Codable {
    let waits: Bool
    /// The update whose model is waited for.
    private(set) var awaited: UInt64?

    init(waits: Bool) { self.waits = waits }

    /// Sends the model after an update.
    mutating func send(_ update: UInt64, _ passes: LayerPasses, _ effects: inout Effects) {
        let assignment = passes.assignment
        let target = (assignment.slot + Self.distance(update, assignment.slots)) % assignment.slots
        let label = PartLabel(.model, update, from: assignment.slot, to: target)
        if let worker = assignment.worker(stage: assignment.stage, slot: target) {
            effects.send(.model, metadata: label.metadata, to: worker)
        }
        if waits { awaited = update }
    }

    /// A model has come; true when it is the one that was waited for.
    mutating func mix(_ passes: inout LayerPasses, _ effects: inout Effects) -> Bool {
        guard let update = awaited else { return false }
        let assignment = passes.assignment
        let source = (assignment.slot + assignment.slots - Self.distance(update, assignment.slots)) % assignment.slots
        let label = PartLabel(.model, update, from: source, to: assignment.slot)
        guard let payload = passes.shelf[label] else { return false }
        Self.mix(payload, &effects)
        passes.shelf.releaseArrived([label], &effects)
        awaited = nil
        return true
    }

    /// Takes the mean with a model.
    static func mix(_ payload: PayloadID, _ effects: inout Effects) {
        effects.combine(into: .model, Term(1, .model), Term(0.5, .received(payload), minus: .model))
    }

    private static func distance(_ update: UInt64, _ slots: Int) -> Int {
        let rounds = UInt64(Int.bitWidth - (slots - 1).leadingZeroBitCount)
        return 1 << Int(update % rounds)
    }
}
