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

    @Test func theFirstSpeaksForAll() {
        #expect(Launcher.isFirst(environment: [:]))
        #expect(Launcher.isFirst(environment: ["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "0"]))
        #expect(!Launcher.isFirst(environment: ["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3"]))
        #expect(Launcher.isFirst(environment: ["PMI_RANK": "0"]))
        #expect(!Launcher.isFirst(environment: ["PMI_RANK": "1", "PMI_SIZE": "2"]))
        let step = ["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "2"]
        #expect(!Launcher.isFirst(environment: step))
        // An mpirun within the third task of a step has a first process of its own.
        let within = ["OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "0"]
        #expect(Launcher.isFirst(environment: step.merging(within) { $1 }))
        // Nobody is silenced by a number that nobody understands.
        #expect(Launcher.isFirst(environment: ["PMI_RANK": "first"]))
    }

    @Test func theLauncherSaysHowManyItStarted() {
        #expect(Launcher.started(environment: ["OMPI_COMM_WORLD_SIZE": "4"]) == 4)
        #expect(Launcher.started(environment: ["PMI_RANK": "1", "PMI_SIZE": "2"]) == 2)
        #expect(Launcher.started(environment: ["SLURM_STEP_NUM_TASKS": "3", "SLURM_PROCID": "0"]) == 3)
        #expect(Launcher.started(environment: ["SLURM_NTASKS": "4", "SLURM_PROCID": "0"]) == nil)
        #expect(Launcher.started(environment: ["PMI_RANK": "1"]) == nil)
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
