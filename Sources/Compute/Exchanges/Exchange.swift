/// Where a pass stops until its peer has talked to others: what it has for them, and what it waits for.
///
/// All peers of a stage stop at the same exchanges in the same order. Images and gradients travel sample by sample in
/// the order channels, height, width, whatever their layout here.
public struct Exchange: Sendable, Hashable {
    /// Whom it concerns.
    public enum Kind: Sendable, Hashable {
        /// The peer of the same slot in the stage before: a pass begins with the activations that come from it, and
        /// ends with the gradient that goes to it.
        case previous
        /// The peer of the same slot in the stage behind: activations go to it, and their gradient comes back.
        case next
        /// Every peer of the stage, the peer itself included, gives what it has to all.
        case gather
        /// Every peer of the stage, the peer itself included, has a part for each: one for each slot, side by side.
        case scatter
    }

    /// Whom it concerns.
    public let kind: Kind
    /// How many numbers go out: one count for each part.
    public let outgoing: [Int]
    /// How many numbers each part has that the pass waits for; in a stage they come in the order of its slots.
    public let incoming: [Int]
}
