import Runtime

/// What started this process, as far as its environment tells.
///
/// Only the nearest launcher counts: `SLURM_NTASKS` describes an allocation, in which mpirun or a single program may
/// run, so of Slurm only the task of a step is heard, and only when no mpirun stands in between.
struct Launcher: Sendable, Hashable {
    let name: String
    /// The MPI that belongs to it, as plug-ins are named; nil where it serves any.
    let flavour: String?
    /// What is known of the job before MPI begins.
    let launch: ProcessLaunch

    init?(environment: [String: String]) {
        func number(_ key: String) -> Int? { environment[key].flatMap { Int($0) } }
        if environment["OMPI_COMM_WORLD_SIZE"] != nil {
            (name, flavour) = ("Open MPI's mpirun", "openmpi")
            // It ends all as soon as the first has left, so the others have no hurry; and it kills all ranks shortly
            // after it was asked to end them, and tells them by a variable when its user has given them longer.
            launch = ProcessLaunch(
                count: number("OMPI_COMM_WORLD_SIZE"), rank: number("OMPI_COMM_WORLD_RANK"), graceSeconds: 10,
                stopRemark: environment["OMPI_MCA_odls_base_sigkill_timeout"] == nil ? Self.killRemark : nil)
        } else if environment["PMI_SIZE"] != nil || environment["PMI_RANK"] != nil {
            (name, flavour) = ("MPICH's mpirun", "mpich")
            launch = ProcessLaunch(count: number("PMI_SIZE"), rank: number("PMI_RANK"))
        } else if environment["SLURM_STEP_NUM_TASKS"] != nil, environment["SLURM_PROCID"] != nil {
            (name, flavour) = ("srun", environment["PMIX_RANK"] != nil ? "openmpi" : nil)
            launch = ProcessLaunch(count: number("SLURM_STEP_NUM_TASKS"), rank: number("SLURM_PROCID"))
        } else {
            return nil
        }
    }

    private static let killRemark =
        "mpirun kills its processes a second after it asks them to end; for a last checkpoint that takes longer, give "
        + "it --mca odls_base_sigkill_timeout 30, or stop it by SIGUSR1"

    /// Refuses a library that does not see the processes which the launcher started: each of them would take itself for
    /// the only one.
    func check(library: String, sees size: Int) throws(MPIError) {
        guard let count = launch.count, count != size else { return }
        throw .wrongLauncher(launcher: name, started: count, library: library, sees: size)
    }
}
