import Configuration
public import Runtime

extension TransportEntry {
    /// Peers on threads.
    public static let threads = TransportEntry(
        Description(name: "threads", summary: "Every peer on threads of its own in one process"))
}
