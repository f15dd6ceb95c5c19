public import Configuration

/// What joins the processes of a run: knows what starts them, what they need for it, and how they come together.
public protocol ProcessTransport: Sendable {
    /// Its name for people, such as "MPI".
    var title: String { get }

    /// How a command is called so that so many processes carry it out, for people.
    func invocation(of command: String, processes: Int) -> String

    /// What has started this process together with others, by its environment; nil for nothing that this transport
    /// knows.
    func launch(environment: [String: String]) -> ProcessLaunch?

    /// Whether everything is here that joining needs: tells what was found. Begins nothing. Throws `TransportError` for
    /// what is missing.
    func examine() throws -> String

    /// Joins the other processes, once in a process, and waits for them.
    ///
    /// Throws `TransportError` for what is missing or does not fit, `ConfigurationError` for an option that cannot be.
    func join(_ options: Options) throws -> any ProcessNetwork
}
