import Randomness

/// A network and machines at the ends of what there may be, drawn from a seed: messages that take no time or seconds,
/// links that carry nothing to speak of, nine frames of ten lost.
struct WildWorld {
    let settings: [String]
    /// About how long a step takes where nothing goes wrong.
    let secondsPerStep: Double

    init(seed: UInt64, peers: Int) {
        var random = RandomStream(seed: seed, purpose: .faults, peer: -3)
        func pick<Value>(_ values: [Value]) -> Value { values[random.integer(below: values.count)] }
        let latency = pick([0, 0.001, 0.3, 30, 3_000])
        let compute = pick([0.01, 1, 10, 2_000])
        let (shape, spread) = (
            pick(["constant", "normal", "heavy-tailed"]), pick(["0.0", "1.0e-160", "0.5", "3.0", "10.0"])
        )
        var drawn = [
            "simulation.latency=\(shape)", "simulation.latency_ms=\(latency)",
            "simulation.bandwidth_mbit=" + pick(["0", "0.01", "1", "1000"]),
            "simulation.loss=" + pick(["0.0", "1.0e-9", "0.1", "0.5", "0.9"]), "simulation.compute_ms=\(compute)",
        ]
        // What is constant has no spread.
        if shape != "constant" { drawn.append("simulation.latency_spread=\(spread)") }
        settings = drawn
        secondsPerStep = (compute + latency) / 1000
    }
}
