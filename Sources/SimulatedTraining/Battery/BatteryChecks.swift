import Conditions
import Foundation
import Gossip
import Runtime
import Simulator
import Training
import Vectors

/// What is asked of the peers at the end of a run in which no promise broke.
struct BatteryChecks {
    private let battery: BatteryCase
    private let row: BatteryRow
    private let run: SimulatedRun
    private let plan: TrainingPlan
    private(set) var complaints: [BatteryComplaint] = []

    init(_ battery: BatteryCase, _ row: BatteryRow, _ run: SimulatedRun, _ plan: TrainingPlan) {
        self.battery = battery
        self.row = row
        self.run = run
        self.plan = plan
        checkAbandonment()
        guard complaints.isEmpty, !hasGivenUp else { return }
        checkSteps()
        checkLeftOvers()
        checkAverage()
        checkBetween()
        checkDistance()
        checkRecursion()
        checkOptimum()
    }

    private mutating func complain(_ kind: BatteryComplaint.Kind, _ what: String) {
        complaints.append(BatteryComplaint(kind, what))
    }

    private var nodes: [PeerID] { (0..<run.world.peerCount).map { PeerID($0) } }
    private var alive: [PeerID] { run.survivors }
    private var hasGivenUp: Bool { nodes.contains { run.world.abandonment(of: $0) != nil } }

    /// The evaluated models of those who live.
    private var models: [[Double]] {
        alive.map { run.world.snapshot(of: $0).array().map { Double($0) } }
    }

    /// Push-sum may give up where deaths have cut the graph, and says so; nothing else may.
    private mutating func checkAbandonment() {
        let hasDeaths = battery.faults.faults.contains { $0.kind == .crash && $0.window.end == nil }
        for peer in nodes {
            guard let reason = run.world.abandonment(of: peer) else { continue }
            if hasDeaths, reason.contains("no longer leads from every peer to every other") { continue }
            complain(.abandonment, "peer \(peer): \(reason)")
        }
    }

    private mutating func checkSteps() {
        for peer in alive {
            let steps = run.world.statistics(of: peer).steps
            guard row.hasExactSteps, steps != battery.steps else { continue }
            complain(.steps, "peer \(peer) has made \(steps) steps of \(battery.steps)")
        }
        guard !row.hasExactSteps, !battery.hasCrashes else { return }
        let all = alive.map { run.world.statistics(of: $0).steps }.reduce(0, +)
        let wanted = battery.steps * UInt64(battery.peers)
        if all < wanted || all > wanted + 2 * UInt64(battery.peers) {
            complain(.steps, "the peers have made \(all) steps together, not \(wanted)")
        }
    }

    private mutating func checkLeftOvers() {
        let world = run.world
        if world.undeliveredCount > 0 { complain(.leftOver, "\(world.undeliveredCount) messages") }
        if abs(world.massInFlight) > 1e-9 { complain(.leftOver, "mass \(world.massInFlight) under way") }
        if !battery.hasCrashes, abs(world.lostMass) > 1e-9 {
            complain(.leftOver, "mass \(world.lostMass) lost although nobody died")
        }
    }

    /// Where gradients do not depend on the models, the sum of the models is known.
    private mutating func checkAverage() {
        guard !battery.hasCrashes, battery.curvature == 0, let conserved = row.conserved else { return }
        let world = run.world
        var begin = [Double](repeating: 0, count: 2)
        var end = begin
        for peer in nodes {
            let isLearner = peer.rawValue < battery.peers
            let start = battery.starts[isLearner ? peer.rawValue : 0]
            let model = world.values(of: .model, peer: peer).map { Double($0) }
            for number in start.indices {
                switch conserved {
                case .sum:
                    begin[number] += start[number]
                    end[number] += model[number]
                case .weightedSum:
                    begin[number] += start[number] / Double(battery.peers)
                    let weight = world.algorithm(of: peer).laws.reduce(0) { $0 + $1.held }
                    end[number] += weight * model[number]
                }
            }
        }
        if conserved == .sum {
            let sum = LockStepOracle.sumOfGradients(battery)
            for number in sum.indices { begin[number] -= BatteryCase.rate * sum[number] }
        } else if battery.noise > 0 {
            return
        }
        if distance(begin, end) > 1e-3 * Double(battery.peers) {
            complain(.average, "the models add up to \(end), not \(begin)")
        }
    }

    private mutating func checkBetween() {
        guard row.staysBetween || battery.curvature == 0, battery.noise == 0 else { return }
        let corners = battery.starts + (battery.curvature > 0 ? battery.targets : [])
        for (peer, model) in zip(alive, models) {
            for (number, value) in model.enumerated() {
                let all = corners.map { $0[number] }
                guard let least = all.min(), let most = all.max() else { continue }
                if value < least - 1e-3 || value > most + 1e-3 || value.isNaN {
                    complain(.between, "peer \(peer) is at \(model), outside of \(least)...\(most)")
                }
            }
        }
    }

    private mutating func checkDistance() {
        guard let left = row.distanceLeft, battery.curvature == 0, battery.noise == 0 else { return }
        let hasDeaths = battery.faults.faults.contains { $0.kind == .crash && $0.window.end == nil }
        guard !hasDeaths || plan.graph.name == "complete" else { return }
        guard !row.needsNoLoss || battery.isLossless else { return }
        // Long graphs mix slowly, a chain of 12 with a gap of 0.02; and the middle of a star hears one peer at a time.
        let isSlow = ["chain", "ring", "directed-ring", "star"].contains(plan.graph.name)
        guard battery.peers <= 4 || !isSlow else { return }
        let (begin, end) = (spread(battery.starts), spread(models))
        let theory = row.distanceByTheory?(battery) ?? 0
        if end > max(left, theory) * begin + 1e-3 { complain(.distance, "the peers are \(end) apart, after \(begin)") }
    }

    private mutating func checkRecursion() {
        guard let recursion = row.recursion, !battery.hasCrashes,
            !battery.algorithmOptions.contains("fraction=0.5") || battery.peers == 1
        else { return }
        var oracle = LockStepOracle(battery, plan.graph)
        recursion(&oracle)
        for (peer, (model, wanted)) in zip(models, oracle.models).enumerated() where distance(model, wanted) > 1e-3 {
            complain(.recursion, "peer \(peer) is at \(model), and the recursion at \(wanted)")
        }
    }

    private mutating func checkOptimum() {
        guard let bias = row.bias, battery.isEven, battery.curvature > 0, battery.noise == 0 else { return }
        if let needed = row.biasNeeds, !battery.algorithmOptions.contains(needed) { return }
        guard !row.biasNeedsRegularGraph || isRegular, !row.needsNoLoss || battery.isLossless else { return }
        let optimum = mean(battery.targets)
        let off = distance(mean(models), optimum)
        let left = 0.02 + unfinishedShare * distance(mean(battery.starts), optimum)
        if off > bias * spread(battery.targets) + left {
            complain(
                .optimum, "the mean model is \(off) away from \(optimum)")
        }
    }

    /// How much of the way to the optimum may be left at the end. A centre has no gradient of its own, and has to be
    /// moved with the workers: of each step's contraction p / (p + 1) remains.
    private var unfinishedShare: Double {
        guard plan.servers > 0 else { return 0.04 }
        let workers = Double(battery.peers)
        return max(0.04, pow(1 - BatteryCase.rate * workers / (workers + 1), Double(battery.steps)))
    }

    /// Whether all peers know equally many.
    private var isRegular: Bool {
        Set((0..<battery.peers).map { plan.graph.neighbours(of: PeerID($0)).count }).count <= 1
    }

    private func mean(_ rows: [[Double]]) -> [Double] {
        rows[0].indices.map { number in rows.reduce(0) { $0 + $1[number] } / Double(rows.count) }
    }

    /// The root mean square distance from the mean.
    private func spread(_ rows: [[Double]]) -> Double {
        let centre = mean(rows)
        let squares = rows.map { distance($0, centre) * distance($0, centre) }
        return (squares.reduce(0, +) / Double(rows.count)).squareRoot()
    }

    /// Not a number where one of them is none, and then above no limit: compared the other way round it would be.
    private func distance(_ first: [Double], _ second: [Double]) -> Double {
        let sum = zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return sum.isNaN ? .infinity : sum.squareRoot()
    }
}
