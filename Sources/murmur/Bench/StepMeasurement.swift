import Compute
import Models
import Optimizers
import Randomness
import Vectors

/// Takes training steps on one batch of random images and times each.
struct StepMeasurement: ~Copyable {
    /// Floating-point operations of a step that the network demands, however they are done.
    let flops: Double
    private var executable: Executable
    /// The parameters in slot 0, as a node has them.
    private var vectors: VectorStore
    private var gradient: FlatVector
    private var optimizer: Optimizer
    private var planted: FlatVector?
    private var dropout = RandomStream(seed: 0, purpose: .dropout)

    init(_ network: Network, batch: Int, threads: Int, precision: Precision) throws {
        executable = try Executable(network, batch: batch, threads: threads, precision: precision)
        let count = network.layout.count
        vectors = VectorStore(count: count, capacity: 1)
        vectors.put(network.initialParameters(seed: 0), in: 0)
        gradient = FlatVector(count: count)
        optimizer = Optimizer(count: count, learningRate: 0.01, [Momentum(count: count, momentum: 0.9)])
        flops = Double(batch) * network.multiplicationsPerSampleInTraining * 2
        var stream = RandomStream(seed: 0, purpose: .synthetic)
        executable.withInput { images, labels in
            for index in 0..<images.count { images[index] = Float(stream.normal()) }
            for index in 0..<labels.count { labels[index] = Int32(stream.integer(below: network.classes)) }
        }
    }

    /// The milliseconds of each step, sorted: `steps` of them, or as many as fit into `seconds`; at least 3, after 3
    /// that do not count.
    mutating func run(seconds: Double, steps: Int?, plantsAllocation: Bool = false) -> [Double] {
        let most = steps ?? 100_000
        var times: [Double] = []
        times.reserveCapacity(most)
        for _ in 0..<3 { step() }
        let clock = ContinuousClock()
        let begin = clock.now
        AllocationWindow.open()
        if plantsAllocation { planted = FlatVector(count: 1) }
        while times.count < most, steps != nil || times.count < 3 || clock.now - begin < .seconds(seconds) {
            let start = clock.now
            step()
            times.append((clock.now - start) / .milliseconds(1))
        }
        AllocationWindow.close()
        return times.sorted()
    }

    private mutating func step() {
        executable.hold(vectors.snapshot(0, range: 0..<vectors.count))
        gradient.write { gradient in
            _ = executable.gradient(into: &gradient, dropout: &dropout)
        }
        executable.letGo()
        gradient.read { gradient in
            vectors.write(0) { optimizer.update(&$0, along: gradient) }
        }
    }
}
