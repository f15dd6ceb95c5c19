/// Where a member may be dialed.
public struct MemberAddress: Hashable, Sendable {
    /// A name or a number of the network.
    public let host: String
    /// The port of TCP.
    public let port: UInt16

    /// The address with this host and port.
    public init(host: String, port: UInt16) {
        (self.host, self.port) = (host, port)
    }
}
