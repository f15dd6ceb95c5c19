import Configuration
import InProcessTransport
import MPITransport
import OpenTransport
import ProcessesTransport
public import Runtime

/// The transports by name: one entry here makes a transport known to everybody.
public enum Transports {
    /// Every transport, in the order of the lists.
    public static let all: [TransportEntry] = [.threads, .mpi, .processes, .tls]

    /// How the processes of a run come together over the transport of that name; nil where it has no ranks.
    public static func processes(_ name: String) -> (any ProcessTransport)? {
        all.first { $0.description.name == name }?.processes
    }

    /// How a peer gets into an open network over the transport of that name; nil where all peers of a run are known.
    public static func links(_ name: String) -> (any LinkTransport)? {
        all.first { $0.description.name == name }?.links
    }

    /// The transport whose launcher has started this process, with its name and what that tells; nil where none has.
    public static func launched(
        environment: [String: String]
    ) -> (name: String, transport: any ProcessTransport, launch: ProcessLaunch)? {
        for entry in all {
            guard let transport = entry.processes, let launch = transport.launch(environment: environment) else {
                continue
            }
            return (entry.description.name, transport, launch)
        }
        return nil
    }
}
