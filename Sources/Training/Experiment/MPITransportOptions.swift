import Configuration

/// What can be set of a run over MPI.
enum MPITransportOptions {
    static let description = Description(
        name: "mpi", summary: "Peers in the processes of an MPI job, on one machine or many",
        options: [collective.description, silence.description])

    /// Who takes exact averages.
    enum Collective: String, CaseIterable {
        case ring, native
    }

    static let collective = Option<Collective>.choice(
        "collective", default: .ring,
        "who takes exact averages: our ring, equal to the bit everywhere, or the library's MPI_Iallreduce, to 1e-6")
    static let silence = Option<Double>.number(
        "silence_seconds", default: 10, in: 0.1...86_400,
        "after how long without a word of it a rank counts as gone, where the launcher lets the others live")
}

extension Experiment {
    /// Whether the peers live in the processes of an MPI job.
    package var isOverMPI: Bool { transport.name == MPITransportOptions.description.name }

    /// After how long without a word of it a rank counts as gone.
    package var silenceSeconds: Double {
        get throws(ConfigurationError) { try transport.options.value(MPITransportOptions.silence) }
    }

    /// Whether exact averages are the transport's own and not our ring's.
    var usesNativeCollective: Bool {
        isOverMPI && (try? transport.options.value(MPITransportOptions.collective)) == .native
    }
}
