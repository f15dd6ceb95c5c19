package import Runtime
import Transports

extension Experiment {
    /// How the processes of the run come together; nil where all peers live in one.
    package var processes: (any ProcessTransport)? { Transports.processes(transport.name) }
}
