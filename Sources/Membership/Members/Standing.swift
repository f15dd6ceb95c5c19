/// What is thought of a member; of two opinions on the same beat the worse one wins.
public enum Standing: UInt8, Comparable, Sendable {
    /// It beats, or somebody hears it.
    case alive = 0
    /// Somebody has lost it, and it has some seconds to say that it is there.
    case suspect = 1
    /// It did not say so in time, or it has left.
    case lost = 2

    public static func < (left: Standing, right: Standing) -> Bool { left.rawValue < right.rawValue }
}
