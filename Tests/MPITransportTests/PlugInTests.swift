import Runtime
import Testing

@testable import MPITransport

@Suite struct PlugInTests {
    private func find(
        _ program: String, _ environment: [String: String] = [:], among files: [String]
    ) throws(MPIError) -> String {
        try PlugIn.find(program: program, environment: environment) { files.contains($0) }.path
    }

    private let both = ["/p/.build/mpi/murmur_mpi-mpich.so", "/p/.build/mpi/murmur_mpi-openmpi.so"]
    private let program = "/p/.build/demo/x86_64/release/murmur"

    @Test func foldersAboveTheProgramAreLookedThrough() throws {
        #expect(try find(program, among: [both[0]]) == both[0])
        #expect(try find("/p/.build/murmur", among: [both[1]]) == both[1])
        let near = "/p/.build/demo/x86_64/release/mpi/murmur_mpi-openmpi.so"
        #expect(try find(program, among: both + [near]) == near)
    }

    @Test func anInstalledProgramLooksInItsLibraryFolder() throws {
        let installed = "/usr/local/lib/murmur/murmur_mpi-openmpi.so"
        #expect(try find("/usr/local/bin/murmur", among: [installed]) == installed)
        #expect(throws: MPIError.self) { try find("/usr/local/sbin/murmur", among: [installed]) }
    }

    @Test func theLauncherChooses() throws {
        #expect(try find(program, ["OMPI_COMM_WORLD_SIZE": "2"], among: both) == both[1])
        #expect(try find(program, ["PMI_SIZE": "2"], among: both) == both[0])
        #expect(try find(program, among: both) == both[1])
        #expect(
            try find(program, ["SLURM_STEP_NUM_TASKS": "2", "SLURM_PROCID": "0"], among: [both[0]]) == both[0])
    }

    @Test func aPlugInForAnotherMPIIsNotTaken() throws {
        let error = #expect(throws: MPIError.self) {
            try find(program, ["OMPI_COMM_WORLD_SIZE": "2"], among: [both[0]])
        }
        #expect(
            error?.description
                == "Open MPI's mpirun started this, and the MPI plug-in that is there is for mpich, not openmpi; build "
                + "it with MPICC=mpicc.openmpi script/bootstrap --mpi")
        // One for an MPI that nobody here knows may serve any launcher.
        let other = "/p/.build/mpi/murmur_mpi-other.so"
        #expect(try find(program, ["PMI_SIZE": "2"], among: [both[1], other]) == other)
    }

    @Test func theEnvironmentNamesAFile() throws {
        #expect(try find(program, ["MURMUR_MPI_PLUGIN": "/a.so", "PMI_SIZE": "2"], among: both + ["/a.so"]) == "/a.so")
        let error = #expect(throws: MPIError.self) { try find(program, ["MURMUR_MPI_PLUGIN": "/b.so"], among: both) }
        #expect(error?.description.contains("MURMUR_MPI_PLUGIN names it, and there is no such file") == true)
    }

    @Test func whereThereIsNoneTheRemedyIsNamed() throws {
        let error = #expect(throws: MPIError.self) { try find("/p/bin/murmur", among: []) }
        #expect(error == .noPlugIn(folders: ["/p/bin/mpi", "/p/lib/murmur", "/p/mpi"]))
        #expect(error?.description.contains("run script/bootstrap --mpi to build it") == true)
    }
}
