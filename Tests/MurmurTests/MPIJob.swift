import Dispatch
import Foundation
import Testing
import Training

/// A launcher of MPI programs that is installed here, and the command as its job.
struct MPIJob: Sendable, CustomTestStringConvertible {
    let flavour: String
    var testDescription: String { flavour }

    static let all: [MPIJob] = ["openmpi", "mpich"].map { MPIJob(flavour: $0) }
        .filter { FileManager.default.isExecutableFile(atPath: $0.launcher) }
    static var openMPI: [MPIJob] { all.filter { $0.flavour == "openmpi" } }

    private var launcher: String { "/usr/bin/mpirun.\(flavour)" }

    /// `mpirun -np RANKS murmur ARGUMENTS`, not begun yet; with more than one list of arguments a program for each, of
    /// so many ranks. A job that hangs is ended after ten minutes. With `writesCodes` a shell around every rank, which
    /// outlives the signals that end it, adds the rank's exit code to the file `codes`, for launchers do not pass all
    /// of them on, and waits for those of the others, for launchers may kill who is late.
    func process(
        ranks: Int, _ programs: [String]..., launcherOptions: [String] = [], environment: [String: String] = [:],
        writesCodes: Bool = false, in folder: String
    ) throws -> Process {
        let shell = """
            trap : TERM USR1; "$@"; code=$?; echo $code >>codes
            until [ $(wc -l <codes) -ge \(ranks * programs.count) ]; do sleep 0.05; done
            exit $code
            """
        let program = (writesCodes ? ["/bin/sh", "-c", shell, "sh"] : []) + [try Command.path]
        let process = try Command.process([], in: folder)
        // Tests run on threads that block signals, which what they start would inherit.
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["--default-signal", "timeout", "--kill-after=5", "600", launcher] + launcherOptions
            + programs.map { ["-np", "\(ranks)"] + program + $0 }.joined(separator: [":"])
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

    func call(
        ranks: Int, _ arguments: [String], launcherOptions: [String] = [], environment: [String: String] = [:],
        in folder: String
    ) throws -> Called {
        try process(
            ranks: ranks, arguments, launcherOptions: launcherOptions, environment: environment, in: folder
        ).called(in: folder)
    }
}

extension Process {
    /// Runs the process to its end.
    func called(in folder: String) throws -> Called {
        try run()
        return try ended(in: folder)
    }

    /// Waits for the end of a process that runs.
    func ended(in folder: String) throws -> Called {
        waitUntilExit()
        return Called(
            code: terminationStatus, output: try Command.text("stdout", in: folder),
            errors: try Command.text("stderr", in: folder))
    }

    /// The process that this one has started and waits for.
    var child: pid_t? {
        let path = "/proc/\(processIdentifier)/task/\(processIdentifier)/children"
        return (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: " ").first.flatMap { pid_t($0) }
    }

    /// Waits until something is so, while the process runs.
    func wait(until isSo: () throws -> Bool) rethrows {
        let pause = DispatchSemaphore(value: 0)
        while isRunning, try !isSo() { _ = pause.wait(timeout: .now() + .milliseconds(10)) }
    }
}
