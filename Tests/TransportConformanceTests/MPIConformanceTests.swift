import Foundation
import TestKit
import Testing
import TransportTrials

/// Peers on ranks of an MPI job, of each MPI whose launcher is here.
@Suite(.serialized, .enabled("there is no mpirun; run script/bootstrap --mpi", { !MPILauncher.all.isEmpty }))
struct MPIConformanceTests {
    /// Pieces of 1000 bytes, so that many payloads take several.
    @Test(arguments: MPILauncher.all, [(1, 6), (2, 3), (3, 2)])
    func aThousandProgramsComeToTheSimulatorsAnswer(_ launch: MPILauncher, _ shares: (ranks: Int, peers: Int)) throws {
        let ended = try launch.run(
            ranks: shares.ranks, "programs", "\(shares.peers)", "\(Programs.count)", "\(Programs.programs)",
            "\(Programs.seed)", "1000")
        #expect(ended.lines == Programs.answer, "\(ended.errors)")
        #expect(ended.code == 0)
    }

    @Test(arguments: MPILauncher.all) func payloadsOfAllSizesArrive(_ launch: MPILauncher) throws {
        let ended = try launch.run(ranks: 2, "sizes", "1", "\(Sizes.count)", "\(1 << 24)")
        #expect(ended.lines == Sizes.answer, "\(ended.errors)")
        #expect(ended.code == 0)
    }

    @Test(arguments: MPILauncher.all) func aLongFrameArrives(_ launch: MPILauncher) throws {
        let ended = try launch.run(ranks: 2, "large", "3000001")
        #expect(ended.lines == ["3000001 numbers came as they were sent"], "\(ended.errors)")
    }

    @Test(arguments: MPILauncher.all, [2, 4]) func framesControlMessagesAndSumsAreWhatWasSent(
        _ launch: MPILauncher, _ ranks: Int
    ) throws {
        let ended = try launch.run(ranks: ranks, "letters", "60")
        #expect(ended.lines == ["all is as it was sent"], "\(ended.errors)")
        #expect(ended.code == 0)
    }

    @Test(arguments: MPILauncher.all) func aRankThatStopsIsToldSilent(_ launch: MPILauncher) throws {
        let ended = try launch.run(ranks: 3, "silence")
        #expect(ended.lines.contains("rank 2 is silent, and the others took their leave"), "\(ended.errors)")
    }

    /// 0: the last rank stopped before, and nobody acted on it; 1: it stops while the others take their leave; 2: so
    /// does rank 0 with it. What a rank says after its leave may be cut off by its launcher, so one writes it down.
    @Test(arguments: MPILauncher.all, [0, 1, 2]) func nobodyWaitsForTheGoneInTheEnd(_ launch: MPILauncher, _ how: Int)
        throws
    {
        let ended = try launch.run(ranks: 4, "leave", "\(how)")
        #expect(ended.lines.contains("the others took their leave"), "\(ended.errors)")
    }

    @Test(.enabled("two MPIs are needed", { MPILauncher.all.count == 2 }))
    func theLauncherOfAnotherMPIIsFoundOut() throws {
        for launch in MPILauncher.all {
            let plugIn = try BuiltProgram.path("transport-conformance").replacing(
                /\/tests\/.*/, with: "/mpi/murmur_mpi-\(launch.other).so")
            let ended = try launch.run(ranks: 2, environment: ["MURMUR_MPI_PLUGIN": plugIn], "letters", "1")
            #expect(ended.errors.contains("started 2 processes, but"), "\(ended.errors)")
            #expect(ended.errors.contains("sees only this one"), "\(ended.errors)")
            #expect(ended.code != 0)
        }
    }
}
