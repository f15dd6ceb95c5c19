/// What an algorithm makes of the topology.
public enum GraphUse: Sendable, Hashable {
    /// Nothing: its peers talk to all others, to a server, or along a ring or tree of its own.
    case none
    /// Who may send to whom; not how they weigh each other's values.
    case edges
    /// The mixing matrix.
    case weights
}
