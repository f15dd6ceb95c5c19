import Testing

@testable import MPITransport

@Suite struct LauncherTests {
    @Test func theNearestLauncherCounts() {
        let openMPI = [
            "OMPI_COMM_WORLD_SIZE": "4", "SLURM_NTASKS": "8", "SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0",
        ]
        #expect(Launcher(environment: openMPI)?.count == 4)
        #expect(Launcher(environment: openMPI)?.flavour == "openmpi")
        let mpich = ["PMI_SIZE": "2", "PMI_RANK": "1", "SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0"]
        #expect(Launcher(environment: mpich)?.count == 2)
        #expect(Launcher(environment: mpich)?.flavour == "mpich")
    }

    /// An allocation says how many tasks may run, not how many this program was started as.
    @Test func anAllocationIsNoLauncher() {
        #expect(Launcher(environment: [:]) == nil)
        #expect(Launcher(environment: ["SLURM_NTASKS": "4", "SLURM_JOB_ID": "7"]) == nil)
        // As in a batch script.
        #expect(Launcher(environment: ["SLURM_NTASKS": "4", "SLURM_PROCID": "0", "SLURM_LOCALID": "0"]) == nil)
    }

    @Test func aStepOfSlurmIsALauncherOfAnyMPI() {
        let step = ["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "3", "SLURM_NTASKS": "8"]
        #expect(Launcher(environment: step)?.count == 4)
        #expect(Launcher(environment: step)?.flavour == nil)
        #expect(Launcher(environment: step.merging(["PMIX_RANK": "3"]) { $1 })?.flavour == "openmpi")
    }

    @Test func aLibraryThatSeesOthersThanWereStartedIsRefused() throws {
        let launcher = try #require(Launcher(environment: ["OMPI_COMM_WORLD_SIZE": "4"]))
        try launcher.check(library: "Open MPI v4.1.4", sees: 4)
        let error = #expect(throws: MPIError.self) { try launcher.check(library: "MPICH 4.0.2", sees: 1) }
        #expect(
            error?.description.hasPrefix(
                "Open MPI's mpirun started 4 processes, but MPICH 4.0.2 sees only this one; start them with the "
                    + "launcher of MPICH 4.0.2") == true)
    }

    @Test func aSizeThatIsNoNumberIsNotHeldAgainstAnybody() throws {
        let launcher = try #require(Launcher(environment: ["PMI_RANK": "0", "PMI_SIZE": "many"]))
        try launcher.check(library: "MPICH 4.0.2", sees: 3)
    }
}
