import Runtime
import Testing
import Vectors

@testable import MPITransport

@Suite struct MPITests {
    @Test func aFileThatIsNoPlugInIsRefused() {
        let error = #expect(throws: MPIError.self) { try MPI(PlugIn(path: "/nowhere/murmur_mpi-openmpi.so")) }
        #expect(
            error?.description.hasPrefix("/nowhere/murmur_mpi-openmpi.so is no MPI plug-in for this program") == true)
        #expect(error?.remedy == "run script/bootstrap --mpi to build it again")
        // A library, but another one.
        #expect(throws: MPIError.unusable(path: "libc.so.6", problem: "it is no plug-in of murmur")) {
            try MPI(PlugIn(path: "libc.so.6"))
        }
    }

    @Test(arguments: [0, 1, 3, 4, 5, 1000]) func wordsLieInAPayloadAndComeBack(_ count: Int) {
        let words = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let payload = MPI.payload(of: words, PayloadPool())
        #expect(payload.count == (count + 3) / 4)
        #expect(MPI.words(of: payload, byteCount: count) == words)
    }
}
