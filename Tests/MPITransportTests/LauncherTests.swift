import Runtime
import Testing

@testable import MPITransport

@Suite struct LauncherTests {
    @Test func theNearestLauncherCounts() {
        let openMPI = [
            "OMPI_COMM_WORLD_SIZE": "4", "SLURM_NTASKS": "8", "SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0",
        ]
        #expect(Launcher(environment: openMPI)?.launch.count == 4)
        #expect(Launcher(environment: openMPI)?.flavour == "openmpi")
        let mpich = ["PMI_SIZE": "2", "PMI_RANK": "1", "SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0"]
        #expect(Launcher(environment: mpich)?.launch.count == 2)
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
        #expect(Launcher(environment: step)?.launch.count == 4)
        #expect(Launcher(environment: step)?.flavour == nil)
        #expect(Launcher(environment: step.merging(["PMIX_RANK": "3"]) { $1 })?.flavour == "openmpi")
    }

    private func started(environment: [String: String]) -> Int? {
        MPITransport().launch(environment: environment)?.count
    }

    private func isFirst(environment: [String: String]) -> Bool {
        MPITransport().launch(environment: environment)?.isFirst ?? true
    }

    @Test func theFirstSpeaksForAll() {
        #expect(isFirst(environment: [:]))
        #expect(isFirst(environment: ["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "0"]))
        #expect(!isFirst(environment: ["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3"]))
        #expect(isFirst(environment: ["PMI_RANK": "0"]))
        #expect(!isFirst(environment: ["PMI_RANK": "1", "PMI_SIZE": "2"]))
        let step = ["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "2"]
        #expect(!isFirst(environment: step))
        // An mpirun within the third task of a step has a first process of its own.
        let within = ["OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "0"]
        #expect(isFirst(environment: step.merging(within) { $1 }))
        // Nobody is silenced by a number that nobody understands.
        #expect(isFirst(environment: ["PMI_RANK": "first"]))
    }

    @Test func theLauncherSaysHowManyItStarted() {
        #expect(started(environment: ["OMPI_COMM_WORLD_SIZE": "4"]) == 4)
        #expect(started(environment: ["PMI_RANK": "1", "PMI_SIZE": "2"]) == 2)
        #expect(started(environment: ["SLURM_STEP_NUM_TASKS": "3", "SLURM_PROCID": "0"]) == 3)
        #expect(started(environment: ["SLURM_NTASKS": "4", "SLURM_PROCID": "0"]) == nil)
        #expect(started(environment: ["PMI_RANK": "1"]) == nil)
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

    /// Open MPI's ends all once one has left, and soon after it was asked to end; the user may have given it longer.
    @Test func whatALauncherDoesInTheEndIsTold() throws {
        let openMPI = ["OMPI_COMM_WORLD_SIZE": "4"]
        let launch = try #require(MPITransport().launch(environment: openMPI))
        #expect(launch.graceSeconds == 10)
        #expect(launch.stopRemark?.contains("--mca odls_base_sigkill_timeout 30") == true)
        let patient = openMPI.merging(["OMPI_MCA_odls_base_sigkill_timeout": "30"]) { $1 }
        #expect(MPITransport().launch(environment: patient)?.stopRemark == nil)
        let mpich = try #require(MPITransport().launch(environment: ["PMI_SIZE": "2"]))
        #expect(mpich.graceSeconds == 1)
        #expect(mpich.stopRemark == nil)
    }
}
