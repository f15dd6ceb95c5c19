import Runtime
import Testing

@testable import MPITransport

@Suite struct MPIErrorTests {
    /// One sentence with its remedy, and no full stop.
    @Test(
        arguments: [
            .noPlugIn(folders: ["/p/mpi"]),
            .noPlugInFor(launcher: "srun", flavour: "mpich", found: ["openmpi", "other"]),
            .unusable(path: "/p/a.so", problem: "it is of version 2"),
            .missingLibrary(path: "/p/a.so", library: "libmpi.so.40"), .failed("MPI_Init_thread: no"),
            .begunBefore, .noThread(reason: "Resource temporarily unavailable"),
            .wrongLauncher(launcher: "srun", started: 1, library: "MPICH 4.0.2", sees: 3),
        ] as [MPIError])
    func everyErrorNamesItsRemedy(_ error: MPIError) {
        #expect(error.description == "\(error.finding); \(error.remedy)")
        #expect(!error.description.hasSuffix("."))
        #expect(!error.description.contains("\n"))
    }

    @Test func sentencesAreSentences() {
        #expect(
            MPIError.wrongLauncher(launcher: "srun", started: 4, library: "MPICH 4.0.2", sees: 1).finding
                == "srun started 4 processes, but MPICH 4.0.2 sees only this one")
        #expect(
            MPIError.wrongLauncher(launcher: "srun", started: 1, library: "MPICH 4.0.2", sees: 3).finding
                == "srun started 1 process, but MPICH 4.0.2 sees 3")
        #expect(
            MPIError.noPlugInFor(launcher: "srun", flavour: "mpich", found: ["openmpi", "other"]).finding
                == "srun started this, and the MPI plug-in that is there is for openmpi and other, not mpich")
    }

    /// What is missing may be the plug-in, or a library that it needs.
    @Test func whatTheLoaderSaysTellsALibraryFromThePlugIn() {
        let reason = ": cannot open shared object file: No such file or directory"
        #expect(
            MPIError(opening: "/p/a.so", problem: "libmpi.so.40" + reason)
                == .missingLibrary(path: "/p/a.so", library: "libmpi.so.40"))
        for problem in ["/p/a.so" + reason, "/p/a.so: invalid ELF header", "it is no plug-in of murmur"] {
            #expect(MPIError(opening: "/p/a.so", problem: problem) == .unusable(path: "/p/a.so", problem: problem))
        }
    }
}
