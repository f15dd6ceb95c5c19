import TestKit
import Testing

@Suite struct BenchTransportTests {
    /// The first transport's name is the command's, too.
    @Test(arguments: ["transport", "mpi"]) func whereThereIsNoPlugInOneSentenceSaysWhatToDo(_ name: String) throws {
        try withTemporaryFolder { folder in
            let called = try Command.call(
                "bench", name, in: folder, shell: "export MURMUR_MPI_PLUGIN=/nowhere/murmur_mpi-openmpi.so")
            #expect(called.code == 78)
            #expect(called.output.isEmpty)
            #expect(
                called.errors
                    == "murmur: /nowhere/murmur_mpi-openmpi.so is no MPI plug-in for this program: MURMUR_MPI_PLUGIN "
                    + "names it, and there is no such file; run script/bootstrap --mpi to build it again\n")
        }
    }

    @Test func aTransportWithinOneProcessIsNotMeasured() throws {
        try withTemporaryFolder { folder in
            let called = try Command.call("bench", "transport", "threads", in: folder)
            #expect(called.code == 78)
            #expect(called.errors.hasPrefix("murmur: unknown transport 'threads'; "))
        }
    }

    @Test func theDoctorLooksForThePlugIn() throws {
        try withTemporaryFolder { folder in
            let called = try Command.call(
                "doctor", in: folder, shell: "export MURMUR_MPI_PLUGIN=/nowhere/murmur_mpi-openmpi.so")
            #expect(called.code == 0)
            #expect(called.output.contains("\nMPI: run script/bootstrap --mpi to build it again\n"))
        }
    }
}
