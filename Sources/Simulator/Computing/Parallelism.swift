/// How many threads compute the gradients of a simulation, and which gradients. Nothing depends on it but how long that
/// takes.
public struct Parallelism: Sendable {
    /// The thread that runs the simulation is one of them.
    let threads: Int
    /// Multiplications that are worth handing over to another thread. Fewer are computed at their time.
    let leastWork: Double

    /// A gradient of 30,000 multiplications takes some 5 µs with all that belongs to it, and a hand-over less, for
    /// threads take many while they are awake.
    public init(threads: Int, leastWork: Double = 3e4) {
        self.threads = threads
        self.leastWork = leastWork
    }
}
