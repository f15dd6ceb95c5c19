import Conditions
public import Gossip
public import Graphs
import Runs
import Simulator
import Vectors

/// Tries to break algorithms: many worlds a seed each, and in each of them all that can be asked of what came out.
public enum Battery {
    /// The rows of its table: algorithms, and variants behind a '+'.
    public static let rows = BatteryRow.all.map(\.name)

    /// The case of that row and seed. Throws where there is no such row, or its algorithm takes no topology.
    ///
    /// - Parameter isWild: whether its network and machines are at the ends of what there may be. Then only what no
    ///   network can change is asked for, and every run is made twice.
    public static func `case`(_ name: String, seed: UInt64, isWild: Bool = false) throws -> BatteryCase {
        guard let row = BatteryRow.row(name) else { throw UnknownAlgorithm(name: name) }
        return try BatteryCase(row, seed: seed, isWild: isWild)
    }

    /// Runs a case and says what is wrong with its outcome.
    ///
    /// - Parameter wrapping: what stands in the place of each peer's algorithm; for tests that plant mistakes.
    public static func run(
        _ battery: BatteryCase, wrapping: (any Algorithm, PeerID) -> any Algorithm = { algorithm, _ in algorithm }
    ) throws -> BatteryOutcome {
        guard let row = BatteryRow.row(battery.row) else { throw UnknownAlgorithm(name: battery.row) }
        let plan = try battery.plan()
        let run = try SimulatedRun(plan, wrapping: wrapping)
        let outcome = try run.run()
        var complaints = outcome.violations.map { BatteryComplaint(.violation, $0.description) }
        // Rates are such that theory promises to converge.
        if case .diverged(let peer, let step) = outcome.ending, battery.attacks.isEmpty {
            complaints.append(BatteryComplaint(.violation, "peer \(peer) has diverged in step \(step)"))
        }
        if complaints.isEmpty {
            complaints = BatteryChecks(battery, row, run, plan).complaints
            if battery.mustBeRepeated {
                // Every gradient that can be is computed by whatever thread comes first.
                let again = try SimulatedRun(
                    plan, parallelism: Parallelism(threads: 3, leastWork: 0), wrapping: wrapping)
                if try again.run().digest != outcome.digest || !again.evaluated.isSame(as: run.evaluated) {
                    complaints.append(BatteryComplaint(.repetition, "the same seed gave another run"))
                }
            }
            if plan.isLockStep, row.hasFixedOrder, battery.isWhole {
                let quiet = try SimulatedRun(try battery.quietPlan(), wrapping: wrapping)
                _ = try quiet.run()
                if !quiet.evaluated.isSame(as: run.evaluated) {
                    complaints.append(
                        BatteryComplaint(.bits, "the models are not those of the same peers when nothing goes wrong"))
                }
            }
        }
        return BatteryOutcome(
            complaints: complaints, statistics: outcome.statistics, virtualSeconds: outcome.virtualSeconds,
            peers: plan.nodes)
    }
}

extension BatteryCase {
    /// Whether the same learners take part from the beginning to the end.
    var isWhole: Bool { !hasCrashes && faults.joiners.isEmpty }
    var hasCrashes: Bool { faults.faults.contains { $0.kind == .crash } }
    /// Whether the run is made twice.
    var mustBeRepeated: Bool { isWild || seed % 4 == 0 }
}

extension SimulatedRun {
    /// What is tested: the model of each learner, in order, or what they have together.
    var evaluated: [[Float]] { plan.models(of: learners.map(world.snapshot(of:))).compactMap { $0?.array() } }
}

extension [[Float]] {
    /// Whether the numbers are equal, those that are NaN at the same places.
    fileprivate func isSame(as other: [[Float]]) -> Bool {
        count == other.count
            && zip(self, other).allSatisfy { row, otherRow in
                row.count == otherRow.count && zip(row, otherRow).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
            }
    }
}
