/// What a layer wants to know of a sample's channels, by which its work can be split.
public enum ChannelUse: Sendable, Hashable {
    /// A channel behind the layer follows from the same channel before it, and from its own parameters. Where a channel
    /// becomes several, they lie side by side.
    case each
    /// A channel behind the layer follows from all before it, by weights of its own.
    case neurons
    /// Nothing less than all channels will do.
    case all
}
