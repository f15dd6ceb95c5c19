/// How many threads compute the gradients of a simulation, and which gradients. Nothing depends on it but how long that
/// takes.
public struct Parallelism: Sendable {
    /// The thread that runs the simulation is one of them.
    let threads: Int
    /// Multiplications that are worth handing over to another thread. Fewer are computed at their time.
    let leastWork: Double

    /// A million multiplications take some 20 µs, and a hand-over some 5.
    public init(threads: Int, leastWork: Double = 1e6) {
        self.threads = threads
        self.leastWork = leastWork
    }
}
