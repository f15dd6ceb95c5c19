import Configuration
public import Runtime

extension TransportEntry {
    /// The open network.
    public static let tls = TransportEntry(TLSTransport.description, links: TLSTransport())
}
