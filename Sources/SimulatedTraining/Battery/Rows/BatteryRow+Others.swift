import Configuration
import Foundation

/// Algorithms with a server, by gossip, or with little communication.
extension BatteryRow {
    static let baselines = [
        BatteryRow(
            algorithm: "centralized", trace: TraceCase(topology: "complete", peers: 1), results: ["peers=1"],
            conserved: .sum, recursion: { $0.averageGradients() }, bias: 0.01, peersLimit: 1),
        BatteryRow(
            algorithm: "allreduce", trace: TraceCase(topology: "complete"), conserved: .sum,
            recursion: { $0.averageGradients() }, bias: 0.01),
        BatteryRow(
            algorithm: "local-sgd", trace: TraceCase(topology: "complete", options: ["period": .integer(2)]),
            options: { ["period=" + pick(["1", "2", "5"], &$0)] }, conserved: .sum,
            recursion: { $0.averageModels() }, bias: 0.01, distanceLeft: 0, reach: .all),
        // Clients that are drawn by chance draw the server to their own minima.
        BatteryRow(
            algorithm: "fedavg",
            trace: TraceCase(topology: "complete", options: ["fraction": .number(0.67), "local_epochs": .integer(2)]),
            options: { ["fraction=" + pick(["1", "1", "0.5"], &$0), "local_epochs=" + pick(["1", "2"], &$0)] },
            recursion: { $0.averageClients() }, bias: 0.01, biasNeeds: "fraction=1", distanceLeft: 0,
            hasExactSteps: false, reach: .all),
        // In thirty exchanges with a force of 0.07 a tenth is left.
        BatteryRow(
            algorithm: "easgd", trace: TraceCase(topology: "complete", options: ["period": .integer(2)]),
            options: { [pick(["beta=0.9", "rho=0.7"], &$0), "period=" + pick(["1", "2"], &$0)] }, conserved: .sum,
            recursion: { $0.pullTogether() }, bias: 0.01, distanceLeft: 0.12, reach: .all),
        // Twenty exchanges with a force of 0.9 / 12 leave a fifth.
        BatteryRow(
            algorithm: "aeasgd", trace: TraceCase(topology: "complete", options: ["period": .integer(2)]),
            options: { ["period=" + pick(["1", "2", "3"], &$0)] }, conserved: .sum, bias: 0.2,
            distanceLeft: 0.22, wayLeft: wayLeftWithServer),
        // Where frames are lost, exchanges wait for repetitions, and who waits counts for less.
        BatteryRow(
            algorithm: "eamsgd",
            trace: TraceCase(topology: "complete", options: ["period": .integer(2), "momentum": .number(0.5)]),
            results: ["optimizer.name=sgd"],
            options: { ["period=" + pick(["1", "2", "3"], &$0), "momentum=" + pick(["0.3", "0.6"], &$0)] },
            conserved: .sumWithMomentum, bias: 0.1, biasUnderLoss: 0.2, distanceLeft: 0.22,
            staysBetween: .whileAveraging),
        // The server moves by the sum of all workers' steps, each from a model some pushes old. Where frames are lost,
        // a worker that waits for repetitions makes its last steps when the others have made theirs, and the server
        // ends nearer to its minimum.
        BatteryRow(
            algorithm: "downpour", trace: TraceCase(topology: "complete", options: ["period": .integer(2)]),
            results: ["optimizer.name=sgd"], options: { ["period=" + pick(["1", "2", "3"], &$0)] }, conserved: .server,
            bias: 0.15, biasUnderLoss: 0.4, distanceLeft: 0, staysBetween: .whileAveraging, reach: .all,
            rate: { 0.1 / Double($0) }),
    ]

    /// A server has no gradient of its own, and has to be moved with the workers: of each step's contraction
    /// p / (p + 1) remains.
    private static let wayLeftWithServer: @Sendable (BatteryCase) -> Double = { battery in
        let workers = Double(battery.peers)
        return max(0.04, pow(1 - battery.rate * workers / (workers + 1), Double(battery.steps)))
    }

    static let gossip = [
        BatteryRow(
            algorithm: "gosgd", trace: TraceCase(topology: "complete", options: ["probability": .number(0.5)]),
            options: { ["probability=" + pick(["0.3", "0.5", "1"], &$0)] },
            conserved: .weightedSum, bias: 0.5, biasNeedsRegularGraph: true,
            distanceLeft: 0.2, needsNoLoss: true),
        BatteryRow(
            algorithm: "gossip-pull", trace: TraceCase(topology: "complete"), results: ["algorithm.probability=0.1"],
            options: { [pick(["period=1", "probability=0.7"], &$0)] }, bias: 0.5,
            biasNeedsRegularGraph: true, distanceLeft: 0.2),
        BatteryRow(
            algorithm: "gossip-pull", variant: "synchronous",
            options: { ["synchronous=true", "period=" + pick(["1", "2", "3"], &$0)] }, conserved: .sum,
            recursion: { $0.gossipInCycles(isPull: true) }, bias: 0.01, distanceLeft: 0.02),
        // With more than nine models merged in while a gradient of the old one is computed, its step leads beyond them.
        BatteryRow(
            algorithm: "gossip-push", trace: TraceCase(topology: "complete"), results: ["algorithm.probability=0.1"],
            options: { [pick(["period=1", "probability=0.7"], &$0)] }, bias: 0.5,
            biasNeedsRegularGraph: true, distanceLeft: 0.2, staysBetween: .whileAveraging),
        BatteryRow(
            algorithm: "gossip-push", variant: "synchronous",
            options: { ["synchronous=true", "period=" + pick(["1", "2", "3"], &$0)] }, conserved: .sum,
            recursion: { $0.gossipInCycles(isPull: false) }, bias: 0.01, distanceLeft: 0.02),
        // A gradient of the model before a merge is applied behind it.
        BatteryRow(
            algorithm: "grsgd", trace: TraceCase(options: ["chunks": .integer(2)]),
            options: {
                [
                    "chunks=" + pick(["1", "2", "3"], &$0), "every=" + pick(["1", "2"], &$0),
                    "direction=" + pick(["successor", "alternate"], &$0),
                ]
            },
            conserved: .weightedSum, bias: 0.3, distanceLeft: 0.2, needsNoLoss: true, staysBetween: .whileAveraging,
            reach: .ring),
    ]

    static let rare = [
        BatteryRow(
            algorithm: "slowmo", trace: TraceCase(topology: "complete", options: ["period": .integer(2)]),
            options: {
                [
                    "period=" + pick(["1", "3"], &$0), "slow_momentum=" + pick(["0", "0.5"], &$0),
                    "slow_learning_rate=" + pick(["1", "0.7"], &$0),
                ]
            },
            recursion: { $0.slowMomentum() }, bias: 0.01, distanceLeft: 0.02, staysBetween: .never, reach: .all),
        BatteryRow(
            algorithm: "diloco",
            trace: TraceCase(topology: "complete", options: ["period": .integer(2), "outer_momentum": .number(0.5)]),
            options: { ["period=" + pick(["1", "3"], &$0), "outer_momentum=" + pick(["0", "0.5"], &$0)] },
            recursion: { $0.outerSteps() }, bias: 0.01, distanceLeft: 0.02, staysBetween: .never, reach: .all),
        BatteryRow(
            algorithm: "noloco",
            trace: TraceCase(
                topology: "complete", peers: 4, options: ["period": .integer(2), "outer_momentum": .number(0.5)]),
            options: { ["period=" + pick(["1", "2"], &$0), "outer_momentum=" + pick(["0", "0.4"], &$0)] },
            recursion: { $0.outerStepsInPairs() }, bias: 0.01, distanceLeft: 0.02, staysBetween: .never, reach: .all),
        // Without compression it is D-PSGD.
        BatteryRow(
            algorithm: "choco", trace: TraceCase(peers: 4), results: ["topology.name=ring"], conserved: .sum,
            recursion: { $0.mixModels() }, bias: 0.01, distanceLeft: 0.2),
        // Under the decaying rule peers soon learn alone; and a random matrix may have nothing but zeros for a peer.
        BatteryRow(
            algorithm: "mesbah", trace: TraceCase(topology: "complete", options: ["probability": .number(0.7)]),
            options: {
                [
                    "rule=" + pick(["decaying", "fixed"], &$0), "matrix=" + pick(["uniform", "random"], &$0),
                    "probability=" + pick(["0.5", "1"], &$0),
                ]
            },
            bias: 0.5, distanceLeft: 0.2, reach: .all,
            comesTogether: {
                $0.algorithmOptions.contains("rule=fixed") && $0.algorithmOptions.contains("matrix=uniform")
            }),
        // All take over the model of one, who has just gone towards its own minimum.
        BatteryRow(
            algorithm: "best-peer", trace: TraceCase(topology: "complete", options: ["samples": .integer(2)]),
            results: ["data.validation_samples=1000"], options: { ["samples=" + pick(["1", "3", "7"], &$0)] },
            recursion: { $0.followTheBest() }, bias: 0.5, distanceLeft: 0, reach: .all),
    ]
}
