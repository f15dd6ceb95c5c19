import Configuration
public import Runtime

/// Joins the processes of an MPI job by a plug-in.
struct MPITransport: ProcessTransport {
    static let description = Description(
        name: "mpi", summary: "Peers in the processes of an MPI job, on one machine or many",
        options: [collective.description, timeout.description])

    /// Who takes exact averages.
    enum Collective: String, CaseIterable {
        case ring, native
    }

    static let collective = Option<Collective>.choice(
        "collective", default: .ring,
        "who takes exact averages: our ring, equal to the bit everywhere, or the library's MPI_Iallreduce, to 1e-6")
    static let timeout = Option<Double>.number(
        "silence_seconds", default: 10, in: 0.1...86_400,
        "after how long without a word of it a rank counts as gone, where the launcher lets the others live")

    var title: String { "MPI" }

    func invocation(of command: String, processes: Int) -> String { "mpirun -np \(processes) \(command)" }

    func launch(environment: [String: String]) -> ProcessLaunch? { Launcher(environment: environment)?.launch }

    /// The MPI of the plug-in that a run would open.
    func examine() throws -> String {
        let plugIn = try PlugIn.find()
        let (flavour, library) = try plugIn.library()
        return "\(library), by \(plugIn.path) (\(flavour))"
    }

    func join(_ options: Options) throws -> any ProcessNetwork {
        try options.refuseUnknown(besides: Self.description.options)
        return try MPIRanks(
            timeoutSeconds: options.value(Self.timeout), takesSums: options.value(Self.collective) == .native)
    }
}

extension TransportEntry {
    /// Ranks of an MPI job.
    public static let mpi = TransportEntry(MPITransport.description, processes: MPITransport())
}
