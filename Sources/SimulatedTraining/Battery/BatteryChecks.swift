import Conditions
import Gossip
import Graphs
import Runs
import Runtime
import Simulator
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
        // Of what theory promises in the long run nothing is seen in a few steps.
        if battery.isWild { return }
        checkAverage()
        checkBetween()
        checkDistance()
        checkRecursion()
        checkOptimum()
        checkTrust()
    }

    private mutating func complain(_ kind: BatteryComplaint.Kind, _ what: String) {
        complaints.append(BatteryComplaint(kind, what))
    }

    private var nodes: [PeerID] { (0..<run.world.peerCount).map { PeerID($0) } }
    private var alive: [PeerID] { run.survivors }
    private var hasGivenUp: Bool { nodes.contains { run.world.abandonment(of: $0) != nil } }

    /// The evaluated models of those who live, each its own or those that they have together.
    private var models: [[Double]] {
        let snapshots = run.learners.map { alive.contains($0) ? run.world.snapshot(of: $0) : nil }
        return plan.models(of: snapshots).compactMap { $0?.array().map { Double($0) } }
    }

    /// Push-sum may give up where crashes have cut the graph, or have left nobody whom one could join, and says so;
    /// nothing else may.
    private mutating func checkAbandonment() {
        let hasCrashes = battery.faults.faults.contains { $0.kind == .crash && $0.window.end == nil }
        for peer in nodes {
            guard let reason = run.world.abandonment(of: peer) else { continue }
            if hasCrashes, reason.contains("no longer leads from every peer to every other") { continue }
            if hasCrashes, alive.count == 1, reason.contains("nobody is there whom") { continue }
            if isLostWithStages(reason) { continue }
            complain(.abandonment, "peer \(peer): \(reason)")
        }
    }

    /// A divided model may be lost with all peers of a stage, or with those of one slot in stages that are neighbours.
    private func isLostWithStages(_ reason: String) -> Bool {
        guard let slots = battery.option("peers_per_stage").flatMap({ Int($0) }) else { return false }
        let dead = Set(run.learners.map(\.rawValue)).subtracting(alive.map(\.rawValue))
        if reason.contains("has died whole") {
            return (0..<battery.peers / slots).contains { stage in
                (stage * slots..<(stage + 1) * slots).allSatisfy(dead.contains)
            }
        }
        return reason.contains("is lost, for both of its peers") && dead.count > 1
    }

    private mutating func checkSteps() {
        for peer in alive where run.world.hasBegun(peer) {
            let steps = run.world.statistics(of: peer).steps
            // Who joins those who wait for each other makes the steps that are left.
            let joined = plan.isLockStep && battery.faults.joiners[peer] != nil
            // Who was asked to leave, and has nobody to give its weight to, is there still, and makes no more steps.
            guard row.hasExactSteps, !hasLeave(peer), joined ? steps > battery.steps : steps != battery.steps else {
                continue
            }
            complain(.steps, "peer \(peer) has made \(steps) steps of \(battery.steps)")
        }
        guard !row.hasExactSteps, !battery.hasCrashes else { return }
        let all = alive.map { run.world.statistics(of: $0).steps }.reduce(0, +)
        let wanted = battery.steps * UInt64(battery.peers)
        if all < wanted || all > wanted + 2 * UInt64(battery.peers) {
            complain(.steps, "the peers have made \(all) steps together, not \(wanted)")
        }
    }

    private func hasLeave(_ peer: PeerID) -> Bool {
        battery.faults.faults.contains { if case .leave(peer, _) = $0 { true } else { false } }
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
        guard battery.isWhole, battery.curvature == 0, let conserved = row.conserved else { return }
        var begin = [Double](repeating: 0, count: 2)
        var end = begin
        switch conserved {
        case .server:
            begin = battery.starts[0]
            end = model(of: PeerID(battery.peers))
        case .sum, .sumWithMomentum:
            for peer in nodes {
                for number in begin.indices {
                    begin[number] += start(of: peer)[number]
                    end[number] += model(of: peer)[number]
                }
            }
        case .weightedSum:
            // Steps of unequal mass move it, so noise is none of its business.
            guard battery.noise == 0 else { return }
            for peer in nodes {
                guard let shares = shares(of: peer) else { return }
                for number in shares.indices {
                    begin[number] += start(of: peer)[number] / Double(battery.peers)
                    end[number] += shares[number] * model(of: peer)[number]
                }
            }
        }
        if conserved != .weightedSum {
            let momentum = conserved == .sumWithMomentum ? battery.number("momentum") : 0
            let sum = LockStepOracle.sumOfGradients(battery, momentum: momentum)
            for number in sum.indices { begin[number] -= battery.rate * sum[number] }
        }
        if distance(begin, end) > 1e-3 * Double(battery.peers) {
            complain(.average, "the models add up to \(end), not \(begin)")
        }
    }

    private func start(of peer: PeerID) -> [Double] {
        battery.starts[peer.rawValue < battery.peers ? peer.rawValue : 0]
    }

    private func model(of peer: PeerID) -> [Double] {
        run.world.values(of: .model, peer: peer).map { Double($0) }
    }

    /// A peer's share of the mass of each number; nil where chunks have shares of their own, and something stands
    /// around the algorithm that knows them.
    private func shares(of peer: PeerID) -> [Double]? {
        let algorithm = run.world.algorithm(of: peer)
        let count = battery.starts[0].count
        if let ring = algorithm as? GRSGD { return ring.shares(count: count) }
        if battery.option("chunks").map({ $0 != "1" }) ?? false { return nil }
        return [Double](repeating: algorithm.invariants.reduce(0) { $0 + $1.held }, count: count)
    }

    private mutating func checkBetween() {
        guard battery.noise == 0 else { return }
        guard row.staysBetween == .always || (row.staysBetween == .whileAveraging && battery.curvature == 0) else {
            return
        }
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
        let hasCrashes = battery.faults.faults.contains { $0.kind == .crash && $0.window.end == nil }
        guard !hasCrashes || row.reach != .graph || plan.graph.name == "complete" else { return }
        guard !row.needsNoLoss || battery.isLossless, row.comesTogether(battery) else { return }
        // Long graphs mix slowly, a chain of 12 with a gap of 0.02; and the middle of a star hears one peer at a time.
        let isSlowGraph = ["chain", "ring", "directed-ring", "star"].contains(plan.graph.name)
        let isSlow = row.reach == .ring || (row.reach == .graph && isSlowGraph)
        guard battery.peers <= 4 || !isSlow else { return }
        let (begin, end) = (spread(battery.starts), spread(models))
        if end > left * begin + 1e-3 { complain(.distance, "the peers are \(end) apart, after \(begin)") }
    }

    private mutating func checkRecursion() {
        let isFollowed = battery.isWhole || row.recursionOutlivesDeaths
        guard let recursion = row.recursion, isFollowed, !row.recursionOutlivesDeaths || battery.noise == 0,
            !battery.algorithmOptions.contains("fraction=0.5") || battery.peers == 1, row.isFollowed(battery)
        else { return }
        var oracle = LockStepOracle(battery, plan.graph)
        recursion(&oracle)
        for (peer, (model, wanted)) in zip(models, oracle.models).enumerated() where distance(model, wanted) > 1e-3 {
            complain(.recursion, "peer \(peer) is at \(model), and the recursion at \(wanted)")
        }
    }

    private mutating func checkOptimum() {
        guard let bias = battery.isLossless ? row.bias : row.biasUnderLoss ?? row.bias, battery.isEven,
            battery.curvature > 0, battery.noise == 0
        else { return }
        if let needed = row.biasNeeds, !battery.algorithmOptions.contains(needed) { return }
        guard !row.biasNeedsRegularGraph || isRegular, !row.needsNoLoss || battery.isLossless else { return }
        let optimum = mean(battery.targets)
        let off = distance(mean(models), optimum)
        let left = 0.02 + row.wayLeft(battery) * distance(mean(battery.starts), optimum)
        if off > bias * spread(battery.targets) + left {
            complain(
                .optimum, "the mean model is \(off) away from \(optimum)")
        }
    }

    /// Who slanders takes next to nothing of the trust that honest peers have in each other.
    private mutating func checkTrust() {
        guard let least = row.trustLeft else { return }
        let honest = Set(alive).subtracting(battery.faults.byzantinePeers)
        for peer in honest.sorted() {
            for standing in run.world.algorithm(of: peer).trustInNeighbours where honest.contains(standing.peer) {
                guard standing.trust < least || standing.firstRest != nil else { continue }
                complain(.trust, "peer \(peer) trusts peer \(standing.peer) by \(standing.trust), and both are honest")
            }
        }
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
        let server = mean(rows)
        let squares = rows.map { distance($0, server) * distance($0, server) }
        return (squares.reduce(0, +) / Double(rows.count)).squareRoot()
    }

    /// Not a number where one of them is none, and then above no limit: compared the other way round it would be.
    private func distance(_ first: [Double], _ second: [Double]) -> Double {
        let sum = zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return sum.isNaN ? .infinity : sum.squareRoot()
    }
}
