import Configuration
import Randomness

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Algorithms that mix over the graph.
extension BatteryRow {
    private static let order: [String] = ["combine-then-adapt", "adapt-then-combine"]

    /// An algorithm whose peers judge their neighbours, all of whom are honest: the sum of the models stays, whatever
    /// they make of each other.
    private static func trustedRow(
        _ algorithm: String, _ options: @escaping @Sendable (inout RandomStream) -> [String]
    ) -> BatteryRow {
        BatteryRow(
            algorithm: algorithm, variant: "trust",
            options: { random in
                let aspects = pick(["[intact, near]", "[near]", "[intact]"], &random)
                let (window, rest) = (pick(["5", "20"], &random), pick(["2", "16"], &random))
                let reach = pick(["1.2", "2.5"], &random)
                let trust = "trust={aspects: \(aspects), window: \(window), reach: \(reach), rest: \(rest)}"
                return options(&random) + [trust]
            },
            conserved: .sum, bias: 0.01)
    }

    static let consensus = [
        BatteryRow(
            algorithm: "dpsgd", trace: TraceCase(peers: 4), results: ["topology.name=ring"],
            options: { ["order=" + pick(order, &$0)] },
            conserved: .sum, recursion: { $0.mixModels() }, bias: 0.01, distanceLeft: 0.2),
        trustedRow("dpsgd") { ["order=" + pick(order, &$0)] },
        // What the battery learns has one dimension, in which it is D-PSGD.
        BatteryRow(
            algorithm: "powergossip", trace: TraceCase(peers: 4), results: ["topology.name=ring"],
            options: { ["rank=" + pick(["1", "2", "5"], &$0)] },
            conserved: .sum, recursion: { $0.mixModels(afterSteps: true) }, bias: 0.01, distanceLeft: 0.2),
        // A gradient of an old model may lead a little beyond the minima.
        BatteryRow(
            algorithm: "adpsgd", trace: TraceCase(peers: 4), results: ["topology.name=ring"], conserved: .sum,
            bias: 0.2, distanceLeft: 0.2, staysBetween: .whileAveraging),
        BatteryRow(
            algorithm: "cdsgd", trace: TraceCase(peers: 4), results: ["topology.name=ring"], conserved: .sum,
            recursion: { $0.mixModels() }, bias: 0.01, distanceLeft: 0.02),
        // What mixing moves goes into the velocity, and on.
        BatteryRow(
            algorithm: "cdmsgd", trace: TraceCase(options: ["momentum": .number(0.5)]),
            results: ["topology.name=ring", "optimizer.name=sgd", "optimizer.learning_rate=0.01"],
            options: {
                [
                    "momentum=" + pick(["0.3", "0.6"], &$0),
                    "variant=" + pick(["polyak", "nesterov", "released-code"], &$0),
                ]
            },
            recursion: { $0.consensusMomentum() }, bias: 0.01, distanceLeft: 0.02, staysBetween: .never),
        // The mean of the de-biased models is not that of the numerators where peers have unequal weights.
        // Equal shares: w differs from peer to peer where the graph is not regular.
        BatteryRow(
            algorithm: "sgp", trace: TraceCase(topology: "one-peer-exponential", peers: 4),
            results: ["topology.name=one-peer-exponential"], conserved: .sum, recursion: { $0.push() }, bias: 0.3,
            distanceLeft: 0.2, topology: { _ in ["mixing=uniform"] }),
        // A peer that has given its shares away holds as little as its own, p_ii: a step there is one of `eta / p_ii`.
        BatteryRow(
            algorithm: "osgp", trace: TraceCase(topology: "one-peer-exponential", peers: 4),
            results: ["topology.name=one-peer-exponential"], options: { ["staleness=" + pick(["0", "1", "3"], &$0)] },
            conserved: .sum, bias: 0.3, distanceLeft: 0.2, staysBetween: .whileAveraging,
            topology: { _ in ["mixing=uniform"] }),
    ]

    /// Those for different data: their corrections and momenta overshoot before they settle.
    static let corrected = [
        // The tracked gradient may lead beyond the minima before it settles.
        BatteryRow(
            algorithm: "gradient-tracking", results: ["topology.name=ring"], conserved: .sum, recursion: { $0.track() },
            bias: 0.02, distanceLeft: 0.2,
            staysBetween: .whileAveraging, peersLimit: 8),
        // These three fall by the root of W's second eigenvalue in a step, or of (I + W)/2's: 0.95 for a chain of four.
        // Half of the weights on peers themselves, so that all graphs do and not only those without small eigenvalues.
        BatteryRow(
            algorithm: "d2", results: ["topology.name=ring", "topology.mixing=lazy"], conserved: .sum,
            recursion: { $0.correct() }, bias: 0.01, distanceLeft: 0.05,
            staysBetween: .never, topology: { [pick(["mixing=lazy", "mixing=metropolis"], &$0)] }),
        BatteryRow(
            algorithm: "exact-diffusion", results: ["topology.name=ring"], conserved: .sum, recursion: { $0.diffuse() },
            bias: 0.01, distanceLeft: 0.05,
            staysBetween: .never),
        BatteryRow(
            algorithm: "extra", results: ["topology.name=ring"], conserved: .sum, recursion: { $0.extrapolate() },
            bias: 0.01, distanceLeft: 0.05,
            staysBetween: .never),
        BatteryRow(
            algorithm: "qg-dsgdm", trace: TraceCase(options: ["momentum": .number(0.5)]),
            results: ["topology.name=ring", "optimizer.name=sgd"],
            options: { ["momentum=" + pick(["0.3", "0.6"], &$0)] },
            recursion: { $0.quasiGlobalMomentum() }, bias: 0.01, distanceLeft: 0.02, staysBetween: .never),
        BatteryRow(
            algorithm: "decentlam", trace: TraceCase(options: ["momentum": .number(0.5)]),
            results: ["topology.name=ring", "optimizer.name=sgd"],
            options: { ["momentum=" + pick(["0.3", "0.6"], &$0)] }, conserved: .sumWithMomentum,
            recursion: { $0.mixedMomentum() }, bias: 0.01, distanceLeft: 0.02, staysBetween: .never),
        // Models are as old as their way is long, so that a step comes to one of eta over one more than the mean way.
        BatteryRow(
            algorithm: "relaysgd", trace: TraceCase(topology: "complete", peers: 4),
            options: {
                ["tree=" + pick(["chain", "binary", "double-binary"], &$0), "missing=" + pick(["own", "start"], &$0)]
            },
            recursion: { $0.relay() }, bias: 0.01, distanceLeft: 0.02, reach: .ring,
            wayLeft: { exp(-$0.rate * Double($0.steps) / (1 + Double($0.peers) / 3)) + 0.04 }),
    ]
}
