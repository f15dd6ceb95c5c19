public import Foundation

/// A launcher of MPI programs that is installed here.
public struct MPILauncher: Sendable, CustomStringConvertible {
    /// "openmpi" or "mpich".
    public let flavour: String
    public var description: String { flavour }
    /// The flavour of the other MPI.
    public var other: String { flavour == "openmpi" ? "mpich" : "openmpi" }

    /// Those that are here.
    public static let all = ["openmpi", "mpich"].map { MPILauncher(flavour: $0) }
        .filter { FileManager.default.isExecutableFile(atPath: $0.path) }

    private var path: String { "/usr/bin/mpirun.\(flavour)" }

    /// A job of so many ranks for each of the programs, not begun yet, in a folder that gets its output. A job that
    /// hangs is ended after ten minutes.
    public func process(
        ranks: Int, _ programs: [[String]], options: [String] = [], environment: [String: String] = [:],
        in folder: String
    ) -> Process {
        let process = Process.prepared(
            // Tests run on threads that block signals, which what they start would inherit.
            "/usr/bin/env",
            ["--default-signal", "timeout", "--kill-after=5", "600", path] + options
                + programs.map { ["-np", "\(ranks)"] + $0 }.joined(separator: [":"]), in: folder)
        process.environment = ProcessInfo.processInfo.environment
            // Open MPI refuses to run as root, as in a container, and more ranks than cores, unless it is told.
            .merging([
                "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                "OMPI_MCA_rmaps_base_oversubscribe": "1",
                // Launchers that begin and end at the same time make and remove one folder for all of them there.
                "TMPDIR": folder,
            ]) { $1 }
            .merging(environment) { $1 }
        return process
    }
}
