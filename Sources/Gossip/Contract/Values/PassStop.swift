/// With whom a pass exchanges numbers where it stops. What it has for them, and what it waits for, comes in parts.
public enum PassStop: UInt8, Hashable, Sendable, Codable {
    /// The same slot of the stage before. A pass begins with the activations that come from there; it ends by handing
    /// back their gradient, and then waits for nothing.
    case previous
    /// The same slot of the stage behind: activations go there, and their gradient comes back.
    case next
    /// All slots of the stage: each gives its one part to all, itself included.
    case gather
    /// All slots of the stage: each has a part for every one, itself included, in the order of the slots.
    case scatter
}
