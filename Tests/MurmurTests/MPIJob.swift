import Dispatch
import Foundation
import TestKit
import Testing

/// The command as a job of an MPI launcher that is installed here.
struct MPIJob: Sendable, CustomTestStringConvertible {
    private let launcher: MPILauncher
    var flavour: String { launcher.flavour }
    var testDescription: String { flavour }

    static let all = MPILauncher.all.map { MPIJob(launcher: $0) }
    static var openMPI: [MPIJob] { all.filter { $0.flavour == "openmpi" } }

    /// `mpirun -np RANKS murmur ARGUMENTS`, not begun yet; with more than one list of arguments a program for each, of
    /// so many ranks. With `writesCodes` a shell around every rank, which outlives the signals that end it, adds the
    /// rank's exit code to the file `codes`, for launchers do not pass all of them on, and waits for those of the
    /// others, for launchers may kill who is late.
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
        return launcher.process(
            ranks: ranks, programs.map { program + $0 }, options: launcherOptions, environment: environment, in: folder)
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
