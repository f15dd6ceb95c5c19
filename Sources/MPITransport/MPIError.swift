public import Runtime

/// Why there is no network of MPI ranks.
public enum MPIError: TransportError, Hashable {
    /// No plug-in lies where it is looked for.
    case noPlugIn(folders: [String])
    /// The launcher needs one MPI, and only plug-ins for others are there.
    case noPlugInFor(launcher: String, flavour: String, found: [String])
    /// The file is no plug-in that this program can use.
    case unusable(path: String, problem: String)
    /// The plug-in is linked to a library that is not there: a package brings plug-ins for MPIs that it does not bring.
    case missingLibrary(path: String, library: String)
    /// MPI begins once in a process, and has begun in this one before.
    case begunBefore
    /// The system gives no thread for MPI.
    case noThread(reason: String)
    /// The library itself fails.
    case failed(String)
    /// The launcher of one MPI has started a program with the library of another.
    case wrongLauncher(launcher: String, started: Int, library: String, sees: Int)
}

extension MPIError {
    /// Why a plug-in cannot be opened, from what the loader says of it.
    init(opening path: String, problem: String) {
        let library = problem.prefix { $0 != ":" }
        let isMissing = problem.dropFirst(library.count).hasPrefix(": cannot open shared object file")
        self =
            isMissing && library != path
            ? .missingLibrary(path: path, library: String(library)) : .unusable(path: path, problem: problem)
    }

    /// What is wrong.
    public var finding: String {
        switch self {
        case .noPlugIn(let folders):
            "there is no MPI plug-in beside or above the program, in \(folders.first ?? "mpi") or further out"
        case .noPlugInFor(let launcher, let flavour, let found):
            "\(launcher) started this, and the MPI plug-in that is there is for \(found.joined(separator: " and ")), "
                + "not \(flavour)"
        case .unusable(let path, let problem):
            "\(path) is no MPI plug-in for this program: \(problem)"
        case .missingLibrary(let path, let library):
            "\(path) needs \(library), which is not here"
        case .begunBefore:
            "MPI begins once in a process, and has begun in this one before"
        case .noThread(let reason):
            "the system gives this process no thread for MPI (\(reason))"
        case .failed(let problem):
            "MPI failed: \(problem)"
        case .wrongLauncher(let launcher, let started, let library, let sees):
            "\(launcher) started \(started) \(started == 1 ? "process" : "processes"), but \(library) sees "
                + (sees == 1 ? "only this one" : "\(sees)")
        }
    }

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .noPlugIn:
            "run script/bootstrap --mpi to build it, or name its file by MURMUR_MPI_PLUGIN"
        case .noPlugInFor(_, let flavour, _):
            "build it with MPICC=mpicc.\(flavour) script/bootstrap --mpi"
        case .unusable:
            "run script/bootstrap --mpi to build it again"
        case .missingLibrary:
            "install its MPI (Debian's openmpi-bin or mpich), or build a plug-in for another one by "
                + "script/bootstrap --mpi"
        case .begunBefore:
            "let each process that mpirun starts join once, and start it again for the next model"
        case .noThread:
            "allow this user more processes and memory (ulimit -u, the limits of a container)"
        case .failed:
            "see whether a small MPI program runs under the same launcher"
        case .wrongLauncher(_, _, let library, _):
            "start them with the launcher of \(library), or choose the plug-in of the other MPI by MURMUR_MPI_PLUGIN"
        }
    }
}
