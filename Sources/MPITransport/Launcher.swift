/// What started this process, as far as its environment tells.
///
/// Only the nearest launcher counts: `SLURM_NTASKS` describes an allocation, in which mpirun or a single program may
/// run, so of Slurm only the task of a step is heard, and only when no mpirun stands in between.
public struct Launcher: Sendable, Hashable {
    let name: String
    /// How many processes it started.
    let count: Int?
    /// Which of them this is, from 0.
    let rank: Int?
    /// The MPI that belongs to it, as plug-ins are named; nil where it serves any.
    let flavour: String?

    init?(environment: [String: String]) {
        func number(_ key: String) -> Int? { environment[key].flatMap { Int($0) } }
        if environment["OMPI_COMM_WORLD_SIZE"] != nil {
            self.init(
                name: "Open MPI's mpirun", count: number("OMPI_COMM_WORLD_SIZE"), rank: number("OMPI_COMM_WORLD_RANK"),
                flavour: "openmpi")
        } else if environment["PMI_SIZE"] != nil || environment["PMI_RANK"] != nil {
            self.init(
                name: "MPICH's mpirun", count: number("PMI_SIZE"), rank: number("PMI_RANK"), flavour: "mpich")
        } else if environment["SLURM_STEP_NUM_TASKS"] != nil, environment["SLURM_PROCID"] != nil {
            let isPMIx = environment["PMIX_RANK"] != nil
            self.init(
                name: "srun", count: number("SLURM_STEP_NUM_TASKS"), rank: number("SLURM_PROCID"),
                flavour: isPMIx ? "openmpi" : nil)
        } else {
            return nil
        }
    }

    private init(name: String, count: Int?, rank: Int?, flavour: String?) {
        self.name = name
        self.count = count
        self.rank = rank
        self.flavour = flavour
    }

    /// How many processes the nearest launcher says it started; nil where there is none, or it does not say.
    public static func started(environment: [String: String]) -> Int? { Launcher(environment: environment)?.count }

    /// Whether this process is to speak for all that were started together: the first of them, or one alone. Known
    /// before MPI begins, and where it cannot.
    public static func isFirst(environment: [String: String]) -> Bool {
        (Launcher(environment: environment)?.rank ?? 0) == 0
    }

    /// Refuses a library that does not see the processes which the launcher started: each of them would take itself for
    /// the only one.
    func check(library: String, sees size: Int) throws(MPIError) {
        guard let count, count != size else { return }
        throw .wrongLauncher(launcher: name, started: count, library: library, sees: size)
    }
}
