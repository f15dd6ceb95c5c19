import CSockets
import Configuration
public import Runtime

/// Joins processes of one machine by local sockets.
struct ProcessesTransport: ProcessTransport {
    static let description = Description(
        name: "processes", summary: "Peers in processes of this machine, over local sockets",
        options: [silence.description, patience.description])

    static let silence = Option<Double>.number(
        "silence_seconds", default: 10, in: 0.1...86_400,
        "after how long without a word of it a process that stands still counts as gone; one that ends does at once")
    static let patience = Option<Double>.number(
        "join_seconds", default: 60, in: 0.1...86_400, "how long the processes wait for each other at the beginning")

    var title: String { "processes" }

    func invocation(of command: String, processes: Int) -> String {
        "python -m murmur_gossip.run -n \(processes) \(command)"
    }

    func launch(environment: [String: String]) -> ProcessLaunch? {
        let names = ProcessPlace.names
        guard environment[names.rank] != nil || environment[names.ranks] != nil else { return nil }
        // What starts the processes ends all as soon as one has failed, so the others have no hurry.
        return ProcessLaunch(
            count: environment[names.ranks].flatMap { Int($0) }, rank: environment[names.rank].flatMap { Int($0) },
            graceSeconds: 10)
    }

    /// Whether this machine has local sockets.
    func examine() throws -> String {
        var ends: [Int32] = [0, 0]
        let code = csockets_pair(&ends)
        guard code == 0 else {
            throw ProcessesError.system("local sockets", reason: LocalSocket.Failure(code: -code).reason)
        }
        for end in ends { csockets_close(end) }
        return "local sockets; begun by \(invocation(of: "COMMAND", processes: 4))"
    }

    func join(_ options: Options) throws -> any ProcessNetwork {
        try options.refuseUnknown(besides: Self.description.options)
        return try LocalRanks(
            silenceSeconds: options.value(Self.silence), joinSeconds: options.value(Self.patience))
    }
}

extension TransportEntry {
    /// Processes of one machine.
    public static let processes = TransportEntry(ProcessesTransport.description, processes: ProcessesTransport())
}
