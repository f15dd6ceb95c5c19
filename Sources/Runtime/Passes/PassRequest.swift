public import Gossip
public import Vectors

/// What a learner is to compute of a pass.
public struct PassRequest: Sendable {
    /// Which pass.
    public let pass: Pass
    /// The parameters that it begins at, and keeps to; nil where it goes on.
    public let model: Payload?
    /// What it has waited for, slot by slot.
    public let parts: [Payload]

    /// The beginning of a pass.
    public init(beginning pass: Pass, at model: Payload) {
        self.pass = pass
        self.model = model
        parts = []
    }

    /// A pass that goes on.
    public init(resuming pass: Pass, with parts: [Payload]) {
        self.pass = pass
        model = nil
        self.parts = parts
    }
}
