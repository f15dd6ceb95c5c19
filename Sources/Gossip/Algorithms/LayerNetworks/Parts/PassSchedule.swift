import Configuration

/// In which order a peer computes the passes of microbatches, and how many of them make an update.
struct PassSchedule: Sendable, Codable {
    enum Name: String, Sendable, Codable, CaseIterable {
        case asynchronous
        /// All microbatches of a batch forward, then all backward (Huang et al. 2019).
        case gpipe
        /// Backward as soon as can be, so that few activations wait (Narayanan et al. 2019).
        case oneForwardOneBackward = "1f1b"
    }

    let name: Name
    /// Microbatches of a batch.
    let microbatches: UInt64
    let stages: Int

    /// Microbatches whose gradients make one update.
    var perUpdate: UInt64 { name == .asynchronous ? 1 : microbatches }

    /// Updates that make a step.
    var updatesPerStep: UInt64 { microbatches / perUpdate }

    /// How far beyond the last update passes may begin.
    var window: UInt64 { name == .asynchronous ? UInt64(stages) + Self.outstandingUpdates : microbatches }

    /// How many updates a slot may be ahead of the others of its stage with its gradients.
    var outstanding: UInt64 { name == .asynchronous ? Self.outstandingUpdates : 1 }

    private static let outstandingUpdates: UInt64 = 2

    /// How many passes of a slot of that stage may be under way.
    func limit(ofStage stage: Int) -> Int {
        switch name {
        case .gpipe: Int(microbatches)
        case .oneForwardOneBackward, .asynchronous: stages - stage
        }
    }

    /// Whether passes begin before others go on.
    var prefersBeginnings: Bool { name == .gpipe }

    /// The update that a microbatch's gradient is for.
    func update(of microbatch: UInt64) -> UInt64 { microbatch / perUpdate }
}
